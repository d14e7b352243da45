// JSON text, appended to a string piece by piece: what is sent often is written without a tree.
#pragma once

#include <array>
#include <charconv>
#include <concepts>
#include <string>

#include "core/bytes.hpp"

namespace carillon::json {

/// Appends `text` as a string with its quotes. Octets that are not UTF-8 become U+FFFD, so that
/// the result is valid whatever is quoted.
void append_string(std::string& out, Bytes text);

void append_integer(std::string& out, std::integral auto value) {
  std::array<char, 20> digits;  // −2^63 has 20 characters, 2^64 − 1 as well
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value);
  out.append(digits.data(), end.ptr);
}

/// In a valid JSON text CR and LF stand between tokens only; as spaces they let a line-based
/// protocol carry the text on one line.
void compact_newlines(std::string& json);
bool has_newlines(Bytes json);

/// Writes one object member by member; the commas and braces are its own affair.
/// Lifetime: `out` must outlive it. Keys are our own words and need no escapes.
class ObjectWriter {
 public:
  explicit ObjectWriter(std::string& out) : out_(out) {}

  ObjectWriter& text(Bytes key, Bytes value);
  ObjectWriter& integer(Bytes key, std::integral auto value) {
    append_integer(begin(key), value);
    return *this;
  }
  ObjectWriter& boolean(Bytes key, bool value);
  /// `json` is one valid value.
  ObjectWriter& raw(Bytes key, Bytes json);
  /// Starts a member and returns the string to append its value to.
  std::string& begin(Bytes key);
  /// The same for a key of somebody else's, which may need escapes.
  std::string& begin_any(Bytes key);
  void finish();

 private:
  std::string& out_;
  char separator_ = '{';
};

}  // namespace carillon::json
