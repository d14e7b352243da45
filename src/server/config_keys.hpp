// The table of all settings: their names, ranges and meaning, in the order of the commented file.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "server/config.hpp"
#include "server/config_key.hpp"

namespace carillon::server {

struct ConfigSection {
  std::string_view name;
  std::string_view doc;
};

/// The sections in order; those whose tables have names of their own are the last.
std::span<const ConfigSection> config_sections();

constexpr std::string_view kAccessSection = "access";

/// All keys but those of named sections, section by section.
const std::vector<ConfigKey<Config>>& config_keys();
/// The keys of each `[namespace.NAME]`.
const std::vector<ConfigKey<NamespaceConfig>>& namespace_keys();
/// The keys of each `[api_key.NAME]`.
const std::vector<ConfigKey<ApiKeyConfig>>& api_key_keys();

/// What a value of that kind must be: `must be an integer from 0 to 256`.
std::string expectation(const ValueRule& rule, ValueKind kind);

/// What is wrong with `value` as one of a key with that rule, a sentence each.
/// `kind` is what it should be.
std::vector<std::string> problems_of(const ValueRule& rule, ValueKind kind,
                                     const ConfigValue& value);

}  // namespace carillon::server
