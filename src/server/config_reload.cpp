#include "server/config_reload.hpp"

#include <fmt/format.h>

#include <utility>

#include "server/config_keys.hpp"
#include "server/config_print.hpp"

namespace carillon::server {
namespace {

void change_namespaces(ConfigChange& change, const Config& current) {
  const auto& after = change.config.namespaces;
  for (const auto& [name, settings] : current.namespaces) {
    if (!after.contains(name)) {
      change.changes.push_back(fmt::format("[namespace.{}] is as [history] now", name));
    }
  }
  for (const auto& [name, settings] : after) {
    const auto before = current.namespaces.find(name);
    if (before == current.namespaces.end()) {
      change.changes.push_back(fmt::format("[namespace.{}] has settings of its own now", name));
      continue;
    }
    for (const auto& key : namespace_keys()) {
      const ConfigValue old_value = key.get(before->second);
      const ConfigValue new_value = key.get(settings);
      if (old_value == new_value) continue;
      change.changes.push_back(fmt::format("[namespace.{}] {}: {} becomes {}", name, key.name,
                                           to_toml(old_value), to_toml(new_value)));
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
      change.changes.push_back(
          key.rule.is_secret
              ? name + " changes"
              : fmt::format("{}: {} becomes {}", name, to_toml(old_value), to_toml(new_value)));
    }
  }
  if (current.access.stance != wanted.access.stance) {
    change.changes.push_back(wanted.access.stance == access::Stance::Configured
                                 ? "[access] is there now"
                                 : "[access] is gone: only clients on this machine are served");
  }
  change_namespaces(change, current);
  return change;
}

}  // namespace carillon::server
