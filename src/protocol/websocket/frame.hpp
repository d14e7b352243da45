// The WebSocket frame: its header, read and written, and whole frames for either side.
// Messages out of frames are the business of receiver.hpp.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "core/bytes.hpp"
#include "core/result.hpp"
#include "core/shared_bytes.hpp"
#include "protocol/websocket/error.hpp"
#include "protocol/websocket/mask.hpp"

namespace carillon::websocket {

/// Which side we are. A server receives masked frames and sends plain ones, a client the reverse.
enum class Role : std::uint8_t { Server, Client };

/// RFC 6455 §5.2; all others are reserved.
enum class Opcode : std::uint8_t {
  Continuation = 0x0,
  Text = 0x1,
  Binary = 0x2,
  Close = 0x8,
  Ping = 0x9,
  Pong = 0xA,
};

constexpr bool is_control(Opcode opcode) {
  return (static_cast<unsigned>(opcode) & 0x8) != 0;
}

/// The RSV bits where they stand in the first octet. permessage-deflate owns the first
/// (RFC 7692 §6); nothing owns the others.
using ReservedBits = std::uint8_t;
inline constexpr ReservedBits kNoReservedBits = 0;
inline constexpr ReservedBits kReservedBit1 = 0x40;

//   0                   1                   2                   3
//   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//  +-+-+-+-+-------+-+-------------+-------------------------------+
//  |F|R|R|R| opcode|M| Payload len |    Extended payload length    |
//  |I|S|S|S|  (4)  |A|     (7)     |             (16/64)           |
//  |N|V|V|V|       |S|             |   (if payload len==126/127)   |
//  | |1|2|3|       |K|             |                               |
//  +-+-+-+-+-------+-+-------------+ - - - - - - - - - - - - - - - +
//  |              Masking-key (4 octets, if MASK is set)           |
//  +-------------------------------- - - - - - - - - - - - - - - - +
struct FrameHeader {
  Opcode opcode = Opcode::Text;
  bool is_final = true;
  ReservedBits reserved_bits = kNoReservedBits;
  std::optional<MaskKey> mask = {};
  std::uint64_t payload_bytes = 0;
};

inline constexpr std::size_t kMaxFrameHeaderBytes = 14;
inline constexpr std::size_t kMaxControlPayloadBytes = 125;  // RFC 6455 §5.5

/// A header and how much of the input it took.
struct ParsedFrameHeader {
  FrameHeader header;
  std::size_t header_bytes = 0;
};

/// Reads one frame header from the front of `input`.
/// Shape:  2–14 bytes → the header; the payload stays untouched and masked. Incomplete → empty
///         optional, but what is wrong already is told at the first octet that shows it.
/// Errors: ReservedBits, UnknownOpcode, ControlFragmented, UnmaskedClientFrame,
///         MaskedServerFrame, ControlTooLong, LengthNotMinimal, LengthTooLarge.
/// Source: RFC 6455 §5.2 (layout), §5.1 (masks), §5.5 (control frames); RFC 7692 §6.1
///         (`allowed` bits only on the first frame of a message).
Result<std::optional<ParsedFrameHeader>, ProtocolError> parse_frame_header(Bytes input, Role role,
                                                                           ReservedBits allowed);

/// A header as it goes on the wire, without an allocation.
class EncodedFrameHeader {
 public:
  explicit EncodedFrameHeader(const FrameHeader& header);
  Bytes view() const { return {octets_.data(), size_}; }

 private:
  void append(std::uint64_t value, int octet_count);

  std::array<char, kMaxFrameHeaderBytes> octets_;
  std::uint8_t size_ = 0;
};

/// A whole unmasked frame, ready to be shared by many outboxes.
/// Units: control payloads are at most `kMaxControlPayloadBytes`.
SharedBytes server_frame(Opcode opcode, Bytes payload);

/// A whole masked frame. `mask` must be fresh and unpredictable (RFC 6455 §5.3).
std::string client_frame(Opcode opcode, Bytes payload, MaskKey mask);

}  // namespace carillon::websocket
