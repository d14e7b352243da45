// Field lines, octet by octet: shared by requests, responses and trailers, so that all three are
// equally strict.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/bytes.hpp"
#include "core/result.hpp"
#include "protocol/http1/error.hpp"
#include "protocol/http1/fields.hpp"

namespace carillon::http1 {

/// What one section may cost; HeaderTooLarge and TooManyFields beyond.
struct SectionLimits {
  std::size_t bytes = 0;
  std::size_t field_count = 0;
};

/// Reads one section of field lines through the empty line that ends it.
class FieldReader {
 public:
  /// Removes octets from the front of `input`; true once the section is complete. `fields` gets
  /// the octets and the lines; null: they are only checked.
  /// Errors: BareLineFeed, BareCarriageReturn, LeadingWhitespace … HeaderTooLarge.
  /// Source: RFC 9112 §5; RFC 9110 §5.1, §5.5.
  Result<bool, ParseError> read(Bytes& input, Fields* fields, SectionLimits limits);

 private:
  enum class State : std::uint8_t { LineStart, Name, Value, ValueEnd, SectionEnd, Complete };

  Result<void, ParseError> on_line_start(char octet, std::size_t position, std::size_t limit);
  Result<void, ParseError> on_name_end(char octet, std::size_t position);
  Result<void, ParseError> on_value_end(char octet, std::size_t position, Fields* fields);
  Result<void, ParseError> on_line_feed(char octet, State next);
  Result<void, ParseError> read_some(Bytes window, std::size_t& at, Fields* fields,
                                     std::size_t limit_count);
  static void trim_values(Fields& fields);

  std::uint32_t count_ = 0;
  std::uint32_t bytes_ = 0;  // of the section so far
  std::uint32_t name_begin_ = 0;
  std::uint32_t name_length_ = 0;
  State state_ = State::LineStart;
};

}  // namespace carillon::http1
