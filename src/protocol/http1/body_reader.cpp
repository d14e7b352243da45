#include "protocol/http1/body_reader.hpp"

#include <algorithm>

namespace carillon::http1 {

Result<std::optional<Event>, ParseError> BodyReader::poll(Bytes& input, const Limits& limits) {
  switch (framing_.kind) {
    case Framing::Kind::None:
      return MessageComplete{};
    case Framing::Kind::Chunked:
      return chunks_.poll(input, limits, limit_bytes_);
    case Framing::Kind::ContentLength:
      if (framing_.length_bytes > limit_bytes_) return std::unexpected(ParseError::BodyTooLarge);
      if (remaining_bytes_ == 0) return MessageComplete{};
      break;
    case Framing::Kind::UntilClose:
      if (remaining_bytes_ == 0 && !input.empty()) return std::unexpected(ParseError::BodyTooLarge);
      break;
  }
  if (input.empty()) return std::nullopt;
  const Bytes piece = input.substr(0, std::min<std::uint64_t>(remaining_bytes_, input.size()));
  input.remove_prefix(piece.size());
  remaining_bytes_ -= piece.size();
  return BodyPiece{piece};
}

void BodyReader::limit(std::uint64_t bytes) {
  limit_bytes_ = bytes;
  if (framing_.kind == Framing::Kind::UntilClose) remaining_bytes_ = bytes;
}

}  // namespace carillon::http1
