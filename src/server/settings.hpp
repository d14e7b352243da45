// The config in the words of the modules it is for.
#pragma once

#include <string>

#include "cluster/shared_budget.hpp"
#include "hub/namespace_settings.hpp"
#include "net/reactor.hpp"
#include "server/config.hpp"
#include "transport/common/settings.hpp"

namespace carillon::server {

/// `config` has been checked by load_config(); so for all of these.
net::ReactorOptions reactor_options(const Config& config);

transport::Settings transport_settings(const Config& config, std::string secret);

/// For `[admin] listen`: whoever reaches that address may see everything there.
transport::Settings admin_settings(const transport::Settings& settings);

hub::NamespaceTable namespace_table(const Config& config);

cluster::BudgetLimits budget_limits(const Config& config);

}  // namespace carillon::server
