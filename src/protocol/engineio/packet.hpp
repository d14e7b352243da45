// One Engine.IO packet, as a text or a binary message of a WebSocket carries it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/bytes.hpp"
#include "protocol/engineio/dialect.hpp"

namespace carillon::engineio {

/// The first octet of a packet in its text form is its digit. Source: Engine.IO protocol v4,
/// "Protocol".
enum class PacketType : std::uint8_t {
  Open = 0,
  Close = 1,
  Ping = 2,
  Pong = 3,
  Message = 4,
  Upgrade = 5,
  Noop = 6,
};

enum class DataKind : std::uint8_t { Text, Binary };

/// Only a message can be binary.
/// Lifetime: a view of what it was read from.
struct Packet {
  PacketType type = PacketType::Message;
  DataKind kind = DataKind::Text;
  Bytes data = {};
  bool operator==(const Packet&) const = default;
};

/// What a client asks with, and is answered with, before it changes to another transport.
inline constexpr Bytes kProbe = "probe";

constexpr char digit_of(PacketType type) {
  return static_cast<char>('0' + static_cast<int>(type));
}

/// Reads the text form: a digit, and what the packet holds; or `b` (in version 3 with the digit
/// behind it) and the base64 of a binary message, which is decoded into `octets`. Empty: that is no
/// packet.
/// Lifetime: the packet is a view of either.
std::optional<Packet> parse_packet(Bytes text, std::string& octets, Version version = Version::V4);

/// Reads the binary form, that of a message: its octets, in version 3 behind one of its type.
std::optional<Packet> parse_binary_packet(Bytes octets, Version version);

/// Appends the text form of a packet.
void append_packet(std::string& out, const Packet& packet, Version version = Version::V4);

/// Appends the binary form of a message.
void append_binary_packet(std::string& out, Bytes data, Version version);

}  // namespace carillon::engineio
