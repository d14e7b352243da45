#include "protocol/http1/chunk_reader.hpp"

#include <algorithm>

#include "protocol/http1/characters.hpp"

namespace carillon::http1 {
namespace {

/// More digits cannot be a number of 64 bits, or are zeros that mean to confuse.
constexpr std::uint8_t kLargestSizeDigits = 16;

bool ends_size(char octet) {
  return octet == '\r' || octet == ';' || is_blank(octet);
}

}  // namespace

Result<std::optional<Event>, ParseError> ChunkReader::poll(Bytes& input, const Limits& limits,
                                                           std::uint64_t body_limit) {
  const Bounds bounds{limits, body_limit};
  while (!input.empty() && state_ != State::Trailers) {
    if (state_ == State::Data) return take_data(input);
    const auto step = on_octet(input.front(), bounds);
    if (!step) return std::unexpected(step.error());
    input.remove_prefix(1);
  }
  if (state_ != State::Trailers) return std::nullopt;
  const SectionLimits section{limits.trailer_bytes, limits.field_count};
  if (!TRY(trailers_.read(input, nullptr, section))) return std::nullopt;
  return MessageComplete{};
}

BodyPiece ChunkReader::take_data(Bytes& input) {
  const Bytes piece = input.substr(0, std::min<std::uint64_t>(remaining_, input.size()));
  input.remove_prefix(piece.size());
  remaining_ -= piece.size();
  if (remaining_ == 0) state_ = State::DataCarriageReturn;
  return BodyPiece{piece};
}

Result<void, ParseError> ChunkReader::on_octet(char octet, const Bounds& bounds) {
  switch (state_) {
    case State::Size:
      if (is(octet, CharacterClass::HexDigit)) return on_size_octet(octet);
      if (size_digits_ == 0 || !ends_size(octet)) {
        return std::unexpected(octet == '\n' ? ParseError::BareLineFeed
                                             : ParseError::InvalidChunkSize);
      }
      extension_ = ChunkExtension();
      state_ = State::Extension;
      [[fallthrough]];
    case State::Extension:
      return on_extension_octet(octet, bounds.limits.chunk_extension_bytes);
    case State::LineFeed:
      return on_line_feed(octet, bounds.body_bytes);
    default:
      return on_data_end(octet);
  }
}

Result<void, ParseError> ChunkReader::on_size_octet(char octet) {
  if (size_digits_ == kLargestSizeDigits) return std::unexpected(ParseError::InvalidChunkSize);
  ++size_digits_;
  remaining_ = remaining_ << 4 | hex_value(octet);
  return {};
}

Result<void, ParseError> ChunkReader::on_extension_octet(char octet, std::size_t limit) {
  if (TRY(extension_.feed(octet))) {
    state_ = State::LineFeed;
    return {};
  }
  if (extension_bytes_ == limit) return std::unexpected(ParseError::ChunkExtensionTooLong);
  ++extension_bytes_;
  return {};
}

Result<void, ParseError> ChunkReader::on_line_feed(char octet, std::uint64_t body_limit) {
  if (octet != '\n') return std::unexpected(ParseError::BareCarriageReturn);
  if (remaining_ > body_limit - total_) return std::unexpected(ParseError::BodyTooLarge);
  total_ += remaining_;
  state_ = remaining_ == 0 ? State::Trailers : State::Data;
  size_digits_ = 0;
  return {};
}

Result<void, ParseError> ChunkReader::on_data_end(char octet) {
  if (state_ == State::DataCarriageReturn) {
    if (octet != '\r') return std::unexpected(ParseError::InvalidChunkEnd);
    state_ = State::DataLineFeed;
    return {};
  }
  if (octet != '\n') return std::unexpected(ParseError::BareCarriageReturn);
  state_ = State::Size;
  return {};
}

}  // namespace carillon::http1
