// Settings as TOML: the effective ones for a look, and the commented file that documents them all.
#pragma once

#include <string>

#include "server/config.hpp"
#include "server/config_key.hpp"

namespace carillon::server {

/// A value as it stands behind the `=`.
std::string to_toml(const ConfigValue& value);

/// Every setting of `config`; the secret shows only as set or not.
std::string effective_toml(const Config& config);

/// Every key with its description and its default, commented out: what packaging/carillon.toml is.
std::string template_toml();

}  // namespace carillon::server
