// UTF-8 as it arrives: a text may be cut anywhere, and the first wrong octet must be noticed
// when it comes, not at the end (RFC 6455 §8.1 lets a peer be failed early).
#pragma once

#include <cstdint>
#include <string>

#include "core/bytes.hpp"

namespace carillon {

/// Validates UTF-8 (RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF) in pieces.
class Utf8Validator {
 public:
  /// False as soon as `piece` holds an octet that no valid text could have there; final.
  bool feed(Bytes piece);
  /// Whether the text seen so far ends at a character's end.
  bool complete() const { return state_ == 0; }
  void reset() { state_ = 0; }

 private:
  std::uint8_t state_ = 0;
};

bool is_utf8(Bytes text);

/// `octets` as UTF-8 text whatever they are: each that belongs to no well-formed character becomes
/// U+FFFD.
std::string to_utf8(Bytes octets);

}  // namespace carillon
