// One setting as the table knows it: file, environment, flags, documentation and printing are all
// driven by this.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "core/log.hpp"
#include "server/config.hpp"

namespace carillon::server {

/// A value between its text and its field. The order is that of ValueKind.
using ConfigValue = std::variant<std::int64_t, std::string, std::vector<std::string>>;
enum class ValueKind : std::uint8_t { Integer, Text, TextList };

inline ValueKind kind_of(const ConfigValue& value) {
  return static_cast<ValueKind>(value.index());
}

/// What else is wrong with a value, one sentence each; empty: nothing.
using ValueCheck = std::function<std::vector<std::string>(const ConfigValue&)>;

/// When a change takes effect.
enum class Reload : std::uint8_t {
  Live,     // when the file is read again (SIGHUP)
  Restart,  // at the next start
};

/// What a value must be, beyond its type.
struct ValueRule {
  std::int64_t least = 0;  // of an integer
  std::int64_t most = 0;
  std::vector<std::string> choices;  // of a text; empty: anything
  ValueCheck check;                  // may be empty
  Reload reload = Reload::Live;
  bool is_secret = false;
};

/// `Target` is Config, or what a section with names of its own holds (NamedSection).
template <class Target>
struct ConfigKey {
  std::string_view section;
  std::string_view name;  // ends in the unit where there is one
  std::string_view doc;   // lines for the commented file
  ValueRule rule;
  std::function<ConfigValue(const Target&)> get;
  std::function<void(Target&, const ConfigValue&)> set;  // a value of the right kind, checked

  ValueKind kind() const { return kind_of(get(Target{})); }
};

/// The texts of an enumeration, in its order.
template <class Enum>
std::vector<std::string> texts_of();
template <>
std::vector<std::string> texts_of<LogFormat>();
template <>
std::vector<std::string> texts_of<IoBackend>();
template <>
std::vector<std::string> texts_of<OutboxPolicy>();
template <>
std::vector<std::string> texts_of<H2c>();
template <>
std::vector<std::string> texts_of<Compression>();
template <>
std::vector<std::string> texts_of<ContextTakeover>();
template <>
std::vector<std::string> texts_of<Durability>();
template <>
std::vector<std::string> texts_of<Fsync>();
template <>
std::vector<std::string> texts_of<access::Audience>();
template <>
std::vector<std::string> texts_of<Presence>();
template <>
std::vector<std::string> texts_of<Eio3>();
template <>
std::vector<std::string> texts_of<SelfSigned>();
template <>
std::vector<std::string> texts_of<TlsMinVersion>();
template <>
std::vector<std::string> texts_of<ClientCertificates>();
template <>
std::vector<std::string> texts_of<LabHooks>();
template <>
std::vector<std::string> texts_of<DemoData>();
template <>
std::vector<std::string> texts_of<IceTransportPolicy>();

inline ConfigValue to_value(std::size_t field) {
  return static_cast<std::int64_t>(field);
}
inline ConfigValue to_value(const std::string& field) {
  return field;
}
inline ConfigValue to_value(const std::vector<std::string>& field) {
  return field;
}
template <class Period>
ConfigValue to_value(std::chrono::duration<std::int64_t, Period> field) {
  return field.count();
}
template <class Enum>
  requires std::is_enum_v<Enum>
ConfigValue to_value(Enum field) {
  return texts_of<Enum>().at(static_cast<std::size_t>(field));
}

inline void from_value(const ConfigValue& value, std::size_t& field) {
  field = static_cast<std::size_t>(std::get<std::int64_t>(value));
}
inline void from_value(const ConfigValue& value, std::string& field) {
  field = std::get<std::string>(value);
}
inline void from_value(const ConfigValue& value, std::vector<std::string>& field) {
  field = std::get<std::vector<std::string>>(value);
}
template <class Rep, class Period>
void from_value(const ConfigValue& value, std::chrono::duration<Rep, Period>& field) {
  field = std::chrono::duration<Rep, Period>(static_cast<Rep>(std::get<std::int64_t>(value)));
}
template <class Enum>
  requires std::is_enum_v<Enum>
void from_value(const ConfigValue& value, Enum& field) {
  const std::vector<std::string> texts = texts_of<Enum>();
  const auto found = std::find(texts.begin(), texts.end(), std::get<std::string>(value));
  field = static_cast<Enum>(found - texts.begin());
}

/// A key whose field `accessor` finds in a target, const or not.
template <class Target, class Accessor>
ConfigKey<Target> make_key(std::string_view section, std::string_view name, Accessor accessor,
                           ValueRule rule, std::string_view doc) {
  return ConfigKey<Target>{
      .section = section,
      .name = name,
      .doc = doc,
      .rule = std::move(rule),
      .get = [accessor](const Target& target) { return to_value(accessor(target)); },
      .set = [accessor](Target& target,
                        const ConfigValue& value) { from_value(value, accessor(target)); }};
}

}  // namespace carillon::server
