// Undoing the chunked transfer coding, through the trailer section.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "core/bytes.hpp"
#include "core/result.hpp"
#include "protocol/http1/chunk_extension.hpp"
#include "protocol/http1/error.hpp"
#include "protocol/http1/event.hpp"
#include "protocol/http1/field_reader.hpp"
#include "protocol/http1/limits.hpp"

namespace carillon::http1 {

/// Trailers are checked like headers and then dropped, all of them (RFC 9110 §6.5.1 allows it):
/// none can smuggle framing, routing or credentials into a request that was already judged.
class ChunkReader {
 public:
  /// Removes octets from the front of `input` up to the next BodyPiece or MessageComplete.
  /// Errors: InvalidChunkSize … BodyTooLarge, and those of field lines.
  /// Source: RFC 9112 §7.1.
  Result<std::optional<Event>, ParseError> poll(Bytes& input, const Limits& limits,
                                                std::uint64_t body_limit);

 private:
  enum class State : std::uint8_t {
    Size,
    Extension,
    LineFeed,  // that ends the chunk's line
    Data,
    DataCarriageReturn,
    DataLineFeed,
    Trailers,
  };

  struct Bounds {
    const Limits& limits;
    std::uint64_t body_bytes;
  };

  Result<void, ParseError> on_octet(char octet, const Bounds& bounds);
  Result<void, ParseError> on_size_octet(char octet);
  Result<void, ParseError> on_extension_octet(char octet, std::size_t limit);
  Result<void, ParseError> on_line_feed(char octet, std::uint64_t body_limit);
  Result<void, ParseError> on_data_end(char octet);
  BodyPiece take_data(Bytes& input);

  std::uint64_t remaining_ = 0;  // of this chunk's data; its size while the line is read
  std::uint64_t total_ = 0;      // data announced by all chunks so far
  std::uint32_t extension_bytes_ = 0;
  State state_ = State::Size;
  std::uint8_t size_digits_ = 0;
  ChunkExtension extension_;
  FieldReader trailers_;
};

}  // namespace carillon::http1
