// What single values must be beyond their type and range.
#pragma once

#include <string>
#include <vector>

#include "server/config_key.hpp"

namespace carillon::server {

ValueRule between(std::int64_t least, std::int64_t most);
ValueRule one_of(std::vector<std::string> choices);
ValueRule anything();
ValueRule checked(ValueCheck check);
/// The same of a setting that is read at the start only.
ValueRule at_start(ValueRule rule);
/// The same of a setting that no log and no output shows.
ValueRule secret(ValueRule rule);

std::vector<std::string> check_listen(const ConfigValue& value);
std::vector<std::string> check_secret(const ConfigValue& value);
std::vector<std::string> check_addresses(const ConfigValue& value);
std::vector<std::string> check_scopes(const ConfigValue& value);
std::vector<std::string> check_patterns(const ConfigValue& value);
std::vector<std::string> check_token_keys(const ConfigValue& value);
/// The URL of a back end, or nothing.
std::vector<std::string> check_call_url(const ConfigValue& value);
std::vector<std::string> check_connect_headers(const ConfigValue& value);
std::vector<std::string> check_schema(const ConfigValue& value);
std::vector<std::string> check_data_dir(const ConfigValue& value);
std::vector<std::string> check_base_path(const ConfigValue& value);
std::vector<std::string> check_hsts(const ConfigValue& value);
std::vector<std::string> check_socketio_path(const ConfigValue& value);
std::vector<std::string> check_cookie_name(const ConfigValue& value);
std::vector<std::string> check_event_names(const ConfigValue& value);

/// A check of one list of `[access]`, e.g. `&access::PolicyText::hosts`.
ValueCheck check_access(std::vector<std::string> access::PolicyText::* list);

}  // namespace carillon::server
