// Settings while the layers are laid over each other, and all that was wrong with them.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "core/result.hpp"
#include "server/config.hpp"
#include "server/config_key.hpp"
#include "server/config_load.hpp"
#include "server/config_named.hpp"

namespace carillon::server {

/// Where a value was written.
struct Place {
  std::string source;
  std::size_t line = 0;
  std::size_t column = 0;
};

class ConfigDraft {
 public:
  /// Sets the value, or notes what is wrong with it. The layers come from the lowest to the
  /// highest.
  void set(const ConfigKey<Config>& key, const ConfigValue& value, const Place& place);
  /// The same for a key of the section `name`, which has been opened.
  template <class Target>
  void set(const std::string& name, const ConfigKey<Target>& key, const ConfigValue& value,
           const Place& place);

  /// There is an `[access]` section, whatever is in it.
  void open_access() { config_.access.stance = access::Stance::Configured; }
  /// There is a section of that name; false, and noted, where that is no name.
  template <class Target>
  bool open(const std::string& name, const Place& place);

  void note(const Place& place, std::string message);
  /// Puts what was noted since `first` in the order of its lines.
  void sort_notes(std::size_t first);
  std::size_t note_count() const { return problems_.size(); }

  /// Fills in what namespaces leave to `[history]`, and checks settings against each other.
  Result<Config, std::vector<ConfigProblem>> finish() &&;

 private:
  /// Values by the names of their sections, until all layers are laid.
  template <class Target>
  using Values =
      std::map<std::string, std::vector<std::pair<const ConfigKey<Target>*, ConfigValue>>>;

  template <class Target>
  Values<Target>& values() {
    return std::get<Values<Target>>(named_);
  }
  template <class Target>
  void fill(const Target& start);
  /// With what the sections beside it say.
  NamespaceConfig plain_namespace() const;
  void fill_named_sections();
  void check_api_keys();
  void add_demo_namespaces();
  void secure_addresses();
  void check_together();
  void check_proxy_protocol();

  Config config_;
  std::tuple<Values<NamespaceConfig>, Values<ApiKeyConfig>> named_;
  std::vector<ConfigProblem> problems_;
};

}  // namespace carillon::server
