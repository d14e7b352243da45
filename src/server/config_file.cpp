#include "server/config_file.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <system_error>

#define TOML_EXCEPTIONS 0
#include <toml++/toml.h>

#include "server/config_keys.hpp"
#include "server/config_named.hpp"
#include "server/config_nearest.hpp"

namespace carillon::server {
namespace {

constexpr std::uintmax_t kMaxFileBytes = 1024 * 1024;

std::string type_of(const toml::node& node) {
  switch (node.type()) {
    case toml::node_type::table:
      return "a table";
    case toml::node_type::array:
      return "a list";
    case toml::node_type::string:
      return "a string";
    case toml::node_type::integer:
      return "an integer";
    case toml::node_type::floating_point:
      return "a number with decimals";
    case toml::node_type::boolean:
      return "a boolean";
    default:
      return "a date or a time";
  }
}

std::optional<std::vector<std::string>> texts_in(const toml::array& array) {
  std::vector<std::string> texts;
  for (const toml::node& element : array) {
    const auto text = element.value_exact<std::string>();
    if (!text) return std::nullopt;
    texts.push_back(*text);
  }
  return texts;
}

std::optional<ConfigValue> value_in(const toml::node& node) {
  if (const auto integer = node.value_exact<std::int64_t>()) return *integer;
  if (const auto text = node.value_exact<std::string>()) return *text;
  if (const auto* array = node.as_array()) {
    if (auto texts = texts_in(*array)) return *std::move(texts);
  }
  return std::nullopt;
}

/// What may be written as `true` and `false`, too.
const std::vector<std::string> kSwitch = {"off", "on"};

/// Walks the tree of one file, sections first, then their keys.
class Walk {
 public:
  Walk(const std::string& source, ConfigDraft& draft) : source_(source), draft_(draft) {}

  void root(const toml::table& table) {
    for (const auto& [key, node] : table) section(key, node);
  }

 private:
  Place place(const toml::source_region& region) const {
    return {.source = source_, .line = region.begin.line, .column = region.begin.column};
  }

  void section(const toml::key& key, const toml::node& node) {
    const std::string name(key.str());
    std::vector<std::string> known;
    for (const ConfigSection& section : config_sections()) known.emplace_back(section.name);
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      unknown_section(key, node, known);
    } else if (const toml::table* table = node.as_table()) {
      if (name == kAccessSection) draft_.open_access();
      if (!is_named_section(name)) return keys_of(name, *table);
      for_each_named_section([&](const auto& named) {
        if (named.section == name) sections_of(named, *table);
      });
    } else {
      draft_.note(place(node.source()), "[" + name + "] must be a table, not " + type_of(node));
    }
  }

  void unknown_section(const toml::key& key, const toml::node& node,
                       const std::vector<std::string>& known) {
    const std::string name(key.str());
    std::string message = node.is_table() ? "unknown section [" + name + "]"
                                          : "unknown key \"" + name + "\" outside of any section";
    const auto nearest = nearest_name(name, known);
    if (const std::string home = home_of(name); !home.empty()) {
      message += "; \"" + name + "\" belongs to " + home;
    } else if (nearest) {
      message += "; did you mean [" + *nearest + "]?";
    }
    draft_.note(place(key.source()), std::move(message));
  }

  /// The section that has a key of that name.
  static std::string home_of(const std::string& name) {
    for (const auto& key : config_keys()) {
      if (key.name == name) return "[" + std::string(key.section) + "]";
    }
    std::string home;
    for_each_named_section([&](const auto& named) {
      for (const auto& key : named.keys()) {
        if (key.name == name) home = "[" + std::string(named.section) + ".NAME]";
      }
    });
    return home;
  }

  void keys_of(const std::string& section, const toml::table& table) {
    std::vector<std::string> names;
    for (const auto& key : config_keys()) {
      if (key.section == section) names.emplace_back(key.name);
    }
    for (const auto& [name, node] : table) {
      const ConfigKey<Config>* found = nullptr;
      for (const auto& key : config_keys()) {
        if (key.section == section && key.name == name.str()) found = &key;
      }
      if (found == nullptr) {
        unknown_key(section, name, names);
      } else if (const auto value = value_of(*found, node)) {
        draft_.set(*found, *value, place(node.source()));
      }
    }
  }

  template <class Target>
  void sections_of(const NamedSection<Target>& named, const toml::table& table) {
    for (const auto& [name, node] : table) {
      const std::string text(name.str());
      const std::string section(named.section);
      const toml::table* settings = node.as_table();
      if (settings == nullptr) {
        draft_.note(place(name.source()), "[" + section + "] holds sections with a name, e.g. [" +
                                              section + "." + std::string(named.example) +
                                              "], and no keys of its own");
      } else if (draft_.open<Target>(text, place(name.source()))) {
        keys_of_named(named, text, *settings);
      }
    }
  }

  template <class Target>
  void keys_of_named(const NamedSection<Target>& named, const std::string& section,
                     const toml::table& table) {
    std::vector<std::string> names;
    for (const auto& key : named.keys()) names.emplace_back(key.name);
    for (const auto& [name, node] : table) {
      const auto found = std::find(names.begin(), names.end(), name.str());
      if (found == names.end()) {
        unknown_key(std::string(named.section) + "." + section, name, names);
        continue;
      }
      const auto& key = named.keys()[static_cast<std::size_t>(found - names.begin())];
      if (const auto value = value_of(key, node)) {
        draft_.set(section, key, *value, place(node.source()));
      }
    }
  }

  /// The value, or, where it is of another kind, a note that says which it should be.
  template <class Target>
  std::optional<ConfigValue> value_of(const ConfigKey<Target>& key, const toml::node& node) {
    auto value = value_in(node);
    if (const auto truth = node.value_exact<bool>(); truth && key.rule.choices == kSwitch) {
      value = kSwitch[*truth ? 1 : 0];
    }
    if (value && kind_of(*value) == key.kind()) return value;
    const std::string found = node.is_array() && key.kind() == ValueKind::TextList
                                  ? "a list with other things"
                                  : type_of(node);
    draft_.note(place(node.source()), "[" + std::string(key.section) + "] " +
                                          std::string(key.name) + " " +
                                          expectation(key.rule, key.kind()) + ", not " + found);
    return std::nullopt;
  }

  void unknown_key(const std::string& section, const toml::key& name,
                   const std::vector<std::string>& known) {
    const std::string text(name.str());
    std::string message = "unknown key \"" + text + "\" in [" + section + "]";
    if (const auto nearest = nearest_name(text, known)) {
      message += "; did you mean \"" + *nearest + "\"?";
    } else if (const std::string home = home_of(text); !home.empty()) {
      message += "; it belongs to " + home;
    } else {
      message += "; there are";
      for (const std::string& key : known) message += (key == known[0] ? " " : ", ") + key;
    }
    draft_.note(place(name.source()), std::move(message));
  }

  const std::string& source_;
  ConfigDraft& draft_;
};

}  // namespace

void apply_toml(std::string_view text, const std::string& source, ConfigDraft& draft) {
  const toml::parse_result result = toml::parse(text);
  if (!result) {
    const toml::source_position at = result.error().source().begin;
    draft.note({.source = source, .line = at.line, .column = at.column},
               std::string(result.error().description()));
    return;
  }
  const std::size_t first = draft.note_count();
  Walk(source, draft).root(result.table());
  draft.sort_notes(first);
}

void apply_file(const std::string& path, ConfigDraft& draft) {
  std::error_code error;
  const std::uintmax_t size = std::filesystem::file_size(path, error);
  if (error) {
    draft.note({.source = path}, "cannot be read: " + error.message());
    return;
  }
  if (size > kMaxFileBytes) {
    draft.note({.source = path}, "is larger than 1 MiB, so it is hardly the right file");
    return;
  }
  std::ifstream file(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  if (!file.is_open() || file.bad()) {
    draft.note({.source = path}, "cannot be read: permission denied, or an error of the disk");
    return;
  }
  apply_toml(text, path, draft);
}

}  // namespace carillon::server
