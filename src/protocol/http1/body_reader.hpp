// The body of one message, whatever its framing: shared by requests and responses.
#pragma once

#include <cstdint>
#include <optional>

#include "core/bytes.hpp"
#include "core/result.hpp"
#include "protocol/http1/chunk_reader.hpp"
#include "protocol/http1/error.hpp"
#include "protocol/http1/event.hpp"
#include "protocol/http1/framing.hpp"
#include "protocol/http1/limits.hpp"

namespace carillon::http1 {

class BodyReader {
 public:
  BodyReader() = default;
  explicit BodyReader(Framing framing)
      : framing_(framing), remaining_bytes_(framing.length_bytes) {}

  /// Octets of decoded body that are allowed; none without it. Before the first poll().
  void limit(std::uint64_t bytes);

  /// Removes octets from the front of `input` up to the next BodyPiece or MessageComplete.
  /// UntilClose never completes: its end is the connection's.
  Result<std::optional<Event>, ParseError> poll(Bytes& input, const Limits& limits);

  Framing framing() const { return framing_; }

 private:
  Framing framing_;
  std::uint64_t remaining_bytes_ = 0;  // to come (ContentLength) or still allowed (UntilClose)
  std::uint64_t limit_bytes_ = 0;
  ChunkReader chunks_;
};

}  // namespace carillon::http1
