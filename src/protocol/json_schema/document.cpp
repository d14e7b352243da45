#include "protocol/json_schema/document.hpp"

#include <cmath>
#include <cstdlib>
#include <limits>
#include <optional>

#include "protocol/json/object.hpp"
#include "protocol/json/scalar.hpp"
#include "protocol/json_schema/number.hpp"

namespace carillon::json_schema {
namespace {

constexpr json::Limits kAnySize{.items = std::numeric_limits<std::size_t>::max()};

void give_one_form(nlohmann::json& value) {
  if (value.is_structured()) {
    for (nlohmann::json& element : value) give_one_form(element);
  } else if (value.is_number_unsigned()) {
    const auto integer = value.get<std::uint64_t>();
    if (integer <= std::numeric_limits<std::int64_t>::max()) {
      value = static_cast<std::int64_t>(integer);
    } else {
      value = static_cast<double>(integer);
    }
  } else if (value.is_number_float()) {
    const Number number = make_number(value.get<double>());
    if (const auto* integer = std::get_if<std::int64_t>(&number)) value = *integer;
  }
}

bool is_too_large(Bytes number) {
  return std::isinf(std::strtod(std::string(number).c_str(), nullptr));
}

/// Where the first such number stands. Takes the depth times the size, on this way out only.
std::optional<std::string> find_too_large(const json::Value& value) {
  if (value.kind == json::Kind::Number && is_too_large(value.raw)) return std::string();
  const auto below = [](Bytes name, const json::Value& child) -> std::optional<std::string> {
    const auto found = find_too_large(child);
    if (!found) return std::nullopt;
    std::string pointer;
    append_token(pointer, name);
    return pointer + *found;
  };
  if (value.kind == json::Kind::Object) {
    const auto object = json::parse_object(value.raw, kAnySize);
    if (!object) return std::nullopt;
    for (const json::Member& member : object->members()) {
      if (auto found = below(json::decode_string(member.key), member.value)) return found;
    }
  } else if (value.kind == json::Kind::Array) {
    const auto array = json::parse_array(value.raw, kAnySize);
    if (!array) return std::nullopt;
    for (std::size_t i = 0; i < array->size(); ++i) {
      if (auto found = below(std::to_string(i), (*array)[i])) return found;
    }
  }
  return std::nullopt;
}

/// The whole text as one value, found by making it an array's only element.
std::string pointer_to_too_large(Bytes text) {
  const std::string wrapped = "[" + std::string(text) + "]";
  const auto array = json::parse_array(wrapped, {.depth = json::Limits{}.depth + 1, .items = 1});
  if (!array || array->empty()) return {};
  return find_too_large(array->front()).value_or("");
}

}  // namespace

Result<nlohmann::json, std::string> read_document(Bytes text) {
  nlohmann::json document = nlohmann::json::parse(text.begin(), text.end(), nullptr, false);
  if (document.is_discarded()) return std::unexpected(pointer_to_too_large(text));
  give_one_form(document);
  return document;
}

void append_token(std::string& pointer, Bytes name) {
  pointer += '/';
  for (const char octet : name) {
    if (octet == '~') {
      pointer += "~0";
    } else if (octet == '/') {
      pointer += "~1";
    } else {
      pointer += octet;
    }
  }
}

}  // namespace carillon::json_schema
