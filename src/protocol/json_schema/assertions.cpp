#include "protocol/json_schema/assertions.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <valijson/adapters/nlohmann_json_adapter.hpp>

#include "protocol/json_schema/canonical.hpp"
#include "protocol/json_schema/nested.hpp"

namespace carillon::json_schema {
namespace {

/// Octets of a value that are looked at one by one for one step.
constexpr std::size_t kOctetsPerStep = 64;
/// Octets of a path that are copied for one step.
constexpr std::size_t kPathOctetsPerStep = 2048;

std::uint64_t count_of(const Adapter& value) {
  if (value.isArray()) return value.getArraySize();
  if (value.isObject()) return value.getObjectSize();
  return 0;
}

/// In valid UTF-8 a character begins with every octet that continues none.
std::uint64_t character_count(const std::string& text) {
  return static_cast<std::uint64_t>(std::ranges::count_if(
      text, [](char octet) { return (static_cast<unsigned char>(octet) & 0xC0U) != 0x80; }));
}

std::string canonical_text(const Adapter& value, Run& run) {
  std::string text;
  append_canonical(text, value);
  run.spend(1 + text.size() / kOctetsPerStep);
  return text;
}

/// What its name in `type` is; an integer is a number, too.
std::uint8_t types_of(const Adapter& value) {
  if (value.isNull()) return Types::Null;
  if (value.isBool()) return Types::Boolean;
  if (value.isString()) return Types::String;
  if (value.isArray()) return Types::Array;
  if (value.isObject()) return Types::Object;
  return is_integer(number_of(value)) ? Types::Integer | Types::AnyNumber : Types::AnyNumber;
}

bool has_member(const Adapter& object, const std::string& name) {
  // All values come from one kind of document.
  const auto members =
      static_cast<const valijson::adapters::NlohmannJsonAdapter&>(object).getObject();
  return members.find(name) != members.end();
}

}  // namespace

bool Cost::holds(const Adapter& value, const Path& path, Run& run) const {
  std::size_t octets = 0;  // the path is copied for every member
  for (const std::string& token : path) octets += token.size();
  run.spend(1 + octets / kPathOctetsPerStep + count_of(value) + (value.isObject() ? names : 0));
  return true;
}

bool Nothing::holds(const Adapter& /*value*/, const Path& path, Run& run) const {
  return run.fail(path, reason);
}

bool Types::holds(const Adapter& value, const Path& path, Run& run) const {
  return (types_of(value) & types) != 0 || run.fail(path, reason);
}

bool OneOfValues::holds(const Adapter& value, const Path& path, Run& run) const {
  return values.contains(canonical_text(value, run)) || run.fail(path, reason);
}

bool Bound::holds(const Adapter& value, const Path& path, Run& run) const {
  if (!value.isNumber()) return true;
  const auto order = compare(number_of(value), bound);
  const bool is_within = [&] {
    switch (side) {
      case Side::Maximum:
        return order <= 0;
      case Side::ExclusiveMaximum:
        return order < 0;
      case Side::Minimum:
        return order >= 0;
      case Side::ExclusiveMinimum:
        return order > 0;
    }
    return false;
  }();
  return is_within || run.fail(path, reason);
}

bool MultipleOf::holds(const Adapter& value, const Path& path, Run& run) const {
  if (!value.isNumber()) return true;
  return is_multiple(number_of(value), divisor) || run.fail(path, reason);
}

bool Size::holds(const Adapter& value, const Path& path, Run& run) const {
  std::uint64_t size = 0;
  if (of == Of::String) {
    if (!value.isString()) return true;
    const std::string text = value.getString();
    run.spend(text.size() / kOctetsPerStep);
    size = character_count(text);
  } else {
    if (of == Of::Array ? !value.isArray() : !value.isObject()) return true;
    size = count_of(value);
  }
  return (least <= size && size <= most) || run.fail(path, reason);
}

bool UniqueItems::holds(const Adapter& value, const Path& path, Run& run) const {
  if (!value.isArray()) return true;
  CanonicalSet seen;
  std::size_t index = 0;
  std::size_t repeated = 0;
  const bool is_unique = value.applyToArray([&](const Adapter& element) {
    repeated = index++;
    return seen.insert(canonical_text(element, run)).second;
  });
  if (is_unique) return true;
  Path at = path;
  at.push_back("[" + std::to_string(repeated) + "]");
  return run.fail(at, "repeats an earlier item");
}

bool Required::holds(const Adapter& value, const Path& path, Run& run) const {
  if (!value.isObject()) return true;
  if (is_triggered && !has_member(value, trigger)) return true;
  for (const std::string& name : names) {
    if (has_member(value, name)) continue;
    std::string reason = "'" + name + "' is missing";
    if (is_triggered) reason += ", which goes with '" + trigger + "'";
    return run.fail(path, std::move(reason));
  }
  return true;
}

bool Hushed::holds(const Adapter& value, const Path& path, Run& run) const {
  const bool is_fit = [&] {
    const Run::Hush hush(run);
    return fits(*schema, value, path);
  }();
  if (is_fit) return true;
  return run.fail(path, reason);
}

bool PropertyNames::holds(const Adapter& value, const Path& path, Run& run) const {
  if (!value.isObject()) return true;
  return value.applyToObject([&](const std::string& name, const Adapter& /*member*/) {
    const bool is_fit = [&] {
      const Run::Hush hush(run);
      return name_fits(*schema, name, path);
    }();
    if (is_fit) return true;
    Path at = path;
    at.push_back("[" + name + "]");
    return run.fail(at, "its name does not fit 'propertyNames'");
  });
}

}  // namespace carillon::json_schema
