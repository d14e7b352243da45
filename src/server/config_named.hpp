// Sections of which there may be many, each with a name: `[namespace.chat]`, `[api_key.billing]`.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "server/config.hpp"
#include "server/config_key.hpp"
#include "server/config_keys.hpp"

namespace carillon::server {

/// `Target` holds what one such section says.
template <class Target>
struct NamedSection {
  using Table = std::map<std::string, Target>;

  std::string_view section;
  std::string_view example;  // a name
  const std::vector<ConfigKey<Target>>& (*keys)();
  Table Config::* table;
  bool (*is_name)(std::string_view name);
  std::string_view name_rule;  // what a name is, after one that is none
  std::string_view without;    // what channels or back ends are without it: for a reload
};

/// Those of a namespace are what stands before the first colon in a channel's name.
const NamedSection<NamespaceConfig>& namespace_section();
const NamedSection<ApiKeyConfig>& api_key_section();

template <class Target>
const NamedSection<Target>& named_section();
template <>
inline const NamedSection<NamespaceConfig>& named_section() {
  return namespace_section();
}
template <>
inline const NamedSection<ApiKeyConfig>& named_section() {
  return api_key_section();
}

/// Calls `visit` with each of them, in the order of config_sections().
template <class Visit>
void for_each_named_section(Visit visit) {
  visit(namespace_section());
  visit(api_key_section());
}

/// Whether a section of that name is one of them.
inline bool is_named_section(std::string_view name) {
  bool found = false;
  for_each_named_section([&](const auto& named) { found = found || named.section == name; });
  return found;
}

}  // namespace carillon::server
