// Why octets are not the CBOR that was asked for.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace carillon::cbor {

/// Source: RFC 8949 by section, and what it leaves to the receiver (§5.3 validity, §10 limits).
enum class ErrorKind : std::uint8_t {
  UnexpectedEnd,    // the octets end inside an item, or there are none (§3)
  ReservedHead,     // §3: additional information 28–30; §3.3: a simple value below 32 in two octets
  BadIndefinite,    // §3.2: an integer or a tag of indefinite length
  UnexpectedBreak,  // §3.2.1: nothing of indefinite length ends here, or a value is missing
  BadChunk,         // §3.2.3: within a string stands something but definite pieces of its kind
  BadUtf8,          // §3.1: in a text string, or in one of its pieces
  KeyNotText,       // our maps are objects: their keys are text strings of definite length
  DuplicateKey,     // §5.6: which one counts would be anybody's guess
  TooDeep,          // more containers within each other than the limit
  TooMany,          // more members than are listed
  TrailingData,     // something follows the item
  NotAMap,
};

/// Unit: `offset` in octets from the start, where the fault was noticed. For DuplicateKey it is
/// the first key that repeats one of its map.
struct Error {
  ErrorKind kind;
  std::size_t offset = 0;
  bool operator==(const Error&) const = default;
};

/// For people, e.g. "a key stands twice in one map".
std::string_view to_text(ErrorKind kind);

/// For the answer to a client, e.g. "not the CBOR expected, at octet 17: …".
std::string describe(const Error& error);

}  // namespace carillon::cbor
