// What Socket.IO events and acknowledgements carry: JSON values, and octets anywhere in them.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "carillon/export.hpp"

namespace carillon::socket_io {

enum class ValueKind : std::uint8_t { Null, Boolean, Number, String, Array, Object, Binary };

/// One argument.
///
///     socket.emit("news", {"a text", 42, true, Value::json(R"({"b":1})"), Value::binary(octets)});
///
/// Thread: a plain value.
class CARILLON_API Value {
 public:
  Value() = default;  // null
  Value(std::nullptr_t) {}
  Value(std::same_as<bool> auto flag) : json_(flag ? "true" : "false"), kind_(ValueKind::Boolean) {}
  template <std::integral Integer>
    requires(!std::same_as<Integer, bool> && !std::same_as<Integer, char>)
  Value(Integer number) : json_(std::to_string(number)), kind_(ValueKind::Number) {}
  /// What is no number in JSON (infinity, NaN) becomes null, as JavaScript has it.
  Value(double number);
  /// Octets that are not UTF-8 become U+FFFD.
  Value(std::string_view text);
  Value(const std::string& text) : Value(std::string_view(text)) {}
  Value(const char* text) : Value(std::string_view(text)) {}

  /// Any JSON, as it is. An object `{"_placeholder":true,"num":n}` in it stands for the octets
  /// `attachments[n]`.
  /// Throws std::invalid_argument for what is no JSON.
  static Value json(std::string_view json, std::vector<std::string> attachments = {});
  /// A Buffer or an ArrayBuffer for the client.
  static Value binary(std::string octets);

  ValueKind kind() const { return kind_; }
  /// As JSON; with placeholders for the attachments.
  std::string_view to_json() const { return json_; }
  const std::vector<std::string>& attachments() const { return attachments_; }

  // Empty for a value of another kind.

  std::optional<std::string> as_text() const;
  std::optional<std::int64_t> as_integer() const;  // also empty beyond 64 bits
  std::optional<double> as_number() const;
  std::optional<bool> as_boolean() const;
  /// Lifetime: the value's.
  std::optional<std::string_view> as_binary() const;

 private:
  std::string json_ = "null";
  std::vector<std::string> attachments_;
  ValueKind kind_ = ValueKind::Null;
};

using Arguments = std::vector<Value>;

}  // namespace carillon::socket_io
