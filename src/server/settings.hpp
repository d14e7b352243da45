// The config in the words of the modules it is for.
#pragma once

#include <memory>
#include <string>

#include "access/key_ring.hpp"
#include "cluster/durable/history_keeper.hpp"
#include "cluster/shared_budget.hpp"
#include "hub/namespace_settings.hpp"
#include "net/reactor.hpp"
#include "server/config.hpp"
#include "transport/common/settings.hpp"

namespace carillon::server {

/// `config` has been checked by load_config(); so for all of these.
net::ReactorOptions reactor_options(const Config& config);

/// `fetched_keys`: see token_rules().
transport::Settings transport_settings(const Config& config, std::string secret,
                                       const access::KeyRing& fetched_keys);

/// Who may do what, as `[access]` and the namespaces say.
access::Permissions access_permissions(const Config& config);

/// For `[admin] listen`: whoever reaches that address may see everything there.
transport::Settings admin_settings(const transport::Settings& settings);

/// For `[tls] redirect_listen`: everything is elsewhere.
transport::Settings redirect_settings(const transport::Settings& settings, const TlsConfig& config);

/// What can change while the server runs, made once for all reactors.
struct LiveSettings {
  transport::Settings transport;
  transport::Settings admin;
  transport::Settings redirect;
  std::shared_ptr<const hub::NamespaceTable> namespaces;  // never null
};
LiveSettings live_settings(const Config& config, const std::string& secret,
                           const access::KeyRing& fetched_keys);

hub::NamespaceTable namespace_table(const Config& config);

cluster::BudgetLimits budget_limits(const Config& config);

cluster::durable::KeeperSettings keeper_settings(
    const Config& config, std::shared_ptr<const hub::NamespaceTable> namespaces,
    std::size_t home_count);

}  // namespace carillon::server
