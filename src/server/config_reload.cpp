#include "server/config_reload.hpp"

#include <fmt/format.h>

#include <utility>

#include "server/config_keys.hpp"
#include "server/config_named.hpp"
#include "server/config_print.hpp"

namespace carillon::server {
namespace {

template <class Value>
std::string change_text(std::string_view name, bool is_secret, const Value& before,
                        const Value& after) {
  if (is_secret) return fmt::format("{} changes", name);
  return fmt::format("{}: {} becomes {}", name, to_toml(before), to_toml(after));
}

template <class Target>
void change_named(const NamedSection<Target>& named, ConfigChange& change, const Config& current) {
  const auto& before = current.*named.table;
  const auto& after = change.config.*named.table;
  for (const auto& [name, settings] : before) {
    if (after.contains(name)) continue;
    change.changes.push_back(fmt::format("[{}.{}] {}", named.section, name, named.without));
  }
  for (const auto& [name, settings] : after) {
    const std::string section = fmt::format("[{}.{}]", named.section, name);
    const auto known = before.find(name);
    if (known == before.end()) {
      change.changes.push_back(section + " is there now");
      continue;
    }
    for (const auto& key : named.keys()) {
      const ConfigValue old_value = key.get(known->second);
      const ConfigValue new_value = key.get(settings);
      if (old_value == new_value) continue;
      change.changes.push_back(change_text(fmt::format("{} {}", section, key.name),
                                           key.rule.is_secret, old_value, new_value));
    }
  }
}

}  // namespace

ConfigChange change_config(const Config& current, const Config& wanted) {
  ConfigChange change{.config = wanted, .changes = {}, .kept = {}};
  for (const auto& key : config_keys()) {
    const ConfigValue old_value = key.get(current);
    const ConfigValue new_value = key.get(wanted);
    if (old_value == new_value) continue;
    const std::string name = fmt::format("[{}] {}", key.section, key.name);
    if (key.rule.reload == Reload::Restart) {
      key.set(change.config, old_value);
      change.kept.push_back(key.rule.is_secret
                                ? name + " stays as it is"
                                : fmt::format("{} stays {}", name, to_toml(old_value)));
    } else {
      change.changes.push_back(change_text(name, key.rule.is_secret, old_value, new_value));
    }
  }
  if (current.access.stance != wanted.access.stance) {
    change.changes.push_back(wanted.access.stance == access::Stance::Configured
                                 ? "[access] is there now"
                                 : "[access] is gone: only clients on this machine are served");
  }
  for_each_named_section([&](const auto& named) { change_named(named, change, current); });
  return change;
}

}  // namespace carillon::server
