#include "protocol/websocket/frame.hpp"

#include <algorithm>
#include <span>

namespace carillon::websocket {
namespace {

constexpr unsigned kFinalBit = 0x80;
constexpr unsigned kReservedBitsMask = 0x70;
constexpr unsigned kOpcodeMask = 0x0F;
constexpr unsigned kMaskBit = 0x80;
constexpr unsigned kLengthMask = 0x7F;

// Values of the 7-bit length that announce a longer one behind it.
constexpr unsigned kLength16 = 126;
constexpr unsigned kLength64 = 127;

using Check = Result<void, ProtocolError>;

unsigned octet(Bytes input, std::size_t at) {
  return static_cast<unsigned char>(input[at]);
}

bool is_known(unsigned opcode) {
  return opcode <= static_cast<unsigned>(Opcode::Binary) ||
         (opcode >= static_cast<unsigned>(Opcode::Close) &&
          opcode <= static_cast<unsigned>(Opcode::Pong));
}

Check read_first_octet(unsigned first, ReservedBits allowed, FrameHeader& header) {
  if (!is_known(first & kOpcodeMask)) return std::unexpected(ProtocolError::UnknownOpcode);
  header.opcode = static_cast<Opcode>(first & kOpcodeMask);
  header.is_final = (first & kFinalBit) != 0;
  header.reserved_bits = static_cast<ReservedBits>(first & kReservedBitsMask);
  const bool starts_message = header.opcode == Opcode::Text || header.opcode == Opcode::Binary;
  if ((header.reserved_bits & ~(starts_message ? allowed : kNoReservedBits)) != 0) {
    return std::unexpected(ProtocolError::ReservedBits);
  }
  if (is_control(header.opcode) && !header.is_final) {
    return std::unexpected(ProtocolError::ControlFragmented);
  }
  return {};
}

Check check_second_octet(unsigned second, Role role, Opcode opcode) {
  const bool masked = (second & kMaskBit) != 0;
  if (role == Role::Server && !masked) return std::unexpected(ProtocolError::UnmaskedClientFrame);
  if (role == Role::Client && masked) return std::unexpected(ProtocolError::MaskedServerFrame);
  if (is_control(opcode) && (second & kLengthMask) > kMaxControlPayloadBytes) {
    return std::unexpected(ProtocolError::ControlTooLong);
  }
  return {};
}

std::size_t extended_length_bytes(unsigned short_length) {
  if (short_length == kLength16) return 2;
  return short_length == kLength64 ? 8 : 0;
}

Result<std::uint64_t, ProtocolError> read_extended_length(Bytes octets) {
  std::uint64_t length = 0;
  for (std::size_t at = 0; at < octets.size(); ++at) length = length << 8 | octet(octets, at);
  if (length >> 63 != 0) return std::unexpected(ProtocolError::LengthTooLarge);
  const std::uint64_t least = octets.size() == 2 ? kLength16 : 0x10000;
  if (length < least) return std::unexpected(ProtocolError::LengthNotMinimal);
  return length;
}

}  // namespace

Result<std::optional<ParsedFrameHeader>, ProtocolError> parse_frame_header(Bytes input, Role role,
                                                                           ReservedBits allowed) {
  ParsedFrameHeader parsed;
  FrameHeader& header = parsed.header;
  if (input.empty()) return std::nullopt;
  TRY(read_first_octet(octet(input, 0), allowed, header));
  if (input.size() < 2) return std::nullopt;
  TRY(check_second_octet(octet(input, 1), role, header.opcode));

  header.payload_bytes = octet(input, 1) & kLengthMask;
  std::size_t at = 2;
  if (const std::size_t length_bytes = extended_length_bytes(octet(input, 1) & kLengthMask)) {
    if (input.size() < at + length_bytes) return std::nullopt;
    header.payload_bytes = TRY(read_extended_length(input.substr(at, length_bytes)));
    at += length_bytes;
  }
  if (role == Role::Server) {
    MaskKey& key = header.mask.emplace();
    if (input.size() < at + key.size()) return std::nullopt;
    for (std::uint8_t& part : key) part = static_cast<std::uint8_t>(octet(input, at++));
  }
  parsed.header_bytes = at;
  return parsed;
}

EncodedFrameHeader::EncodedFrameHeader(const FrameHeader& header) {
  append((header.is_final ? kFinalBit : 0) | header.reserved_bits |
             static_cast<unsigned>(header.opcode),
         1);
  const unsigned mask_bit = header.mask ? kMaskBit : 0;
  if (header.payload_bytes < kLength16) {
    append(mask_bit | header.payload_bytes, 1);
  } else if (header.payload_bytes <= 0xFFFF) {
    append(mask_bit | kLength16, 1);
    append(header.payload_bytes, 2);
  } else {
    append(mask_bit | kLength64, 1);
    append(header.payload_bytes, 8);
  }
  if (header.mask) {
    for (const std::uint8_t part : *header.mask) append(part, 1);
  }
}

void EncodedFrameHeader::append(std::uint64_t value, int octet_count) {
  for (int shift = 8 * (octet_count - 1); shift >= 0; shift -= 8) {
    octets_[size_++] = static_cast<char>(value >> shift & 0xFF);
  }
}

SharedBytes server_frame(Opcode opcode, Bytes payload) {
  const EncodedFrameHeader header({.opcode = opcode, .payload_bytes = payload.size()});
  return SharedBytes::joined(header.view(), payload);
}

std::string client_frame(Opcode opcode, Bytes payload, MaskKey mask) {
  const EncodedFrameHeader header(
      {.opcode = opcode, .mask = mask, .payload_bytes = payload.size()});
  std::string frame;
  frame.reserve(header.view().size() + payload.size());
  frame.append(header.view()).append(payload);
  apply_mask(std::span(frame).subspan(header.view().size()), mask, 0);
  return frame;
}

}  // namespace carillon::websocket
