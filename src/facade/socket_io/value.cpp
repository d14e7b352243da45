#include <fmt/format.h>

#include <cmath>
#include <stdexcept>
#include <utility>

#include "carillon/socket_io_value.hpp"
#include "facade/socket_io/payload.hpp"
#include "protocol/json/object.hpp"
#include "protocol/json/scalar.hpp"
#include "protocol/json/validator.hpp"
#include "protocol/json/writer.hpp"
#include "protocol/socketio/placeholder.hpp"

namespace carillon::socket_io {
namespace {

/// What the only placeholder of a value of octets looks like.
constexpr std::string_view kWhole = R"({"_placeholder":true,"num":0})";

ValueKind kind_of(std::string_view json) {
  switch (json[json.find_first_not_of(" \t\r\n")]) {
    case '{':
      return ValueKind::Object;
    case '[':
      return ValueKind::Array;
    case '"':
      return ValueKind::String;
    case 't':
    case 'f':
      return ValueKind::Boolean;
    case 'n':
      return ValueKind::Null;
    default:
      return ValueKind::Number;
  }
}

json::Value as_json(std::string_view text, ValueKind kind) {
  return {text, kind == ValueKind::Number ? json::Kind::Number : json::Kind::Boolean};
}

}  // namespace

Value::Value(double number) {
  if (!std::isfinite(number)) return;
  json_ = fmt::format("{}", number);
  kind_ = ValueKind::Number;
}

Value::Value(std::string_view text) : kind_(ValueKind::String) {
  json_.clear();
  json::append_string(json_, text);
}

Value Value::json(std::string_view json, std::vector<std::string> attachments) {
  if (const auto valid = json::validate(json); !valid) {
    throw std::invalid_argument("Value::json: " + json::describe(valid.error()));
  }
  Value value;
  value.json_ = json;
  value.kind_ = !attachments.empty() && json == kWhole ? ValueKind::Binary : kind_of(json);
  value.attachments_ = std::move(attachments);
  return value;
}

Value Value::binary(std::string octets) {
  Value value;
  value.json_ = kWhole;
  value.kind_ = ValueKind::Binary;
  value.attachments_.push_back(std::move(octets));
  return value;
}

std::optional<std::string> Value::as_text() const {
  if (kind_ != ValueKind::String) return std::nullopt;
  const std::size_t from = json_.find('"');
  return json::decode_string(Bytes(json_).substr(from, json_.rfind('"') + 1 - from));
}

std::optional<std::int64_t> Value::as_integer() const {
  return json::read_integer(as_json(json_, kind_), INT64_MIN, INT64_MAX);
}

std::optional<double> Value::as_number() const {
  if (kind_ != ValueKind::Number) return std::nullopt;
  return std::strtod(json_.c_str(), nullptr);
}

std::optional<bool> Value::as_boolean() const {
  if (kind_ != ValueKind::Boolean) return std::nullopt;
  return json_.find('t') < json_.find('f');
}

std::optional<std::string_view> Value::as_binary() const {
  if (kind_ != ValueKind::Binary) return std::nullopt;
  return attachments_.front();
}

}  // namespace carillon::socket_io
