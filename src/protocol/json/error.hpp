// Why a text is not the JSON that was asked for.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace carillon::json {

/// Source: RFC 8259 by section, and what it leaves to the receiver (§4 names, §9 limits).
enum class ErrorKind : std::uint8_t {
  UnexpectedEnd,     // the text ends inside a value, or is empty (§2)
  ByteOrderMark,     // §8.1: not added; a receiver may refuse it
  ValueExpected,     // §3: no value begins like this
  BadLiteral,        // §3: only null, true and false
  BadNumber,         // §6
  ControlCharacter,  // §7: an octet below 0x20 within a string
  BadEscape,         // §7: unknown after the backslash, or not four hexadecimal digits
  LoneSurrogate,     // §8.2: half of a pair, which no UTF-8 can carry
  BadUtf8,           // §8.1
  KeyExpected,       // §4: a member begins with a string
  ColonExpected,     // §4
  CommaExpected,     // §4, §5: after a value comes a comma or the container's end
  DuplicateKey,      // §4: names should be unique; which one counts would be anybody's guess
  TooDeep,           // §9: more containers within each other than the limit
  TooMany,           // §9: more members or elements than are listed
  TrailingData,      // §2: something follows the value
  NotAnObject,
  NotAnArray,
};

/// Unit: `offset` in octets from the text's start, where the fault was noticed. For DuplicateKey
/// it is the first key that repeats one of its object.
struct Error {
  ErrorKind kind;
  std::size_t offset = 0;
  bool operator==(const Error&) const = default;
};

/// For people, e.g. "a key stands twice in one object".
std::string_view to_text(ErrorKind kind);

/// For the answer to a client, e.g. "not valid JSON at octet 17: …".
std::string describe(const Error& error);

}  // namespace carillon::json
