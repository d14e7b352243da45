// The environment layer: `CARILLON_<SECTION>_<KEY>`, lists separated by commas.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "server/config_draft.hpp"

namespace carillon::server {

/// The value a text stands for; empty for an integer that is none.
std::optional<ConfigValue> value_from_text(ValueKind kind, std::string_view text);

/// Sets or notes what a text stands for.
void set_from_text(const ConfigKey<Config>& key, std::string_view text, const Place& place,
                   ConfigDraft& draft);

/// `CARILLON_SERVER_LISTEN`
std::string variable_of(const ConfigKey<Config>& key);

/// Variables of sections that do not exist are somebody else's; so are those that Kubernetes and
/// Docker set for a service by the name of `carillon-http`, say (`CARILLON_HTTP_PORT`).
void apply_environment(const std::vector<std::pair<std::string, std::string>>& environment,
                       ConfigDraft& draft);

}  // namespace carillon::server
