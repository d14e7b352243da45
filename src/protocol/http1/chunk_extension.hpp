// The part of a chunk's line that nobody uses and attackers like: checked, bounded, ignored.
#pragma once

#include <cstdint>

#include "core/result.hpp"
#include "protocol/http1/error.hpp"

namespace carillon::http1 {

/// Reads `*( BWS ";" BWS name [ BWS "=" BWS value ] ) CR`, from behind the size, octet by octet.
/// Source: RFC 9112 §7.1.1.
class ChunkExtension {
 public:
  /// True for the CR that ends the line; the caller then expects LF.
  /// Errors: InvalidChunkExtension, BareLineFeed, BareCarriageReturn (in a quoted string).
  Result<bool, ParseError> feed(char octet);

 private:
  enum class State : std::uint8_t {
    Begin,  // behind the size, nothing but CR, BWS or `;`
    BeforeSemicolon,
    BeforeName,
    Name,
    AfterName,
    BeforeValue,
    Value,
    Quoted,
    QuotedPair,
    AfterQuoted,
  };

  Result<bool, ParseError> before_word(char octet);
  Result<bool, ParseError> after_word(char octet);
  Result<bool, ParseError> in_quotes(char octet);

  State state_ = State::Begin;
};

}  // namespace carillon::http1
