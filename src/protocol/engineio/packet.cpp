#include "protocol/engineio/packet.hpp"

#include <utility>

#include "core/base64.hpp"

namespace carillon::engineio {
namespace {

/// In the place of the digit.
constexpr char kBinaryMark = 'b';

/// Of a message, in the binary form of version 3.
constexpr char kMessageOctet = static_cast<char>(PacketType::Message);

}  // namespace

std::optional<Packet> parse_packet(Bytes text, std::string& octets, Version version) {
  if (text.empty()) return std::nullopt;
  const char first = text.front();
  if (first == kBinaryMark) {
    text.remove_prefix(1);
    if (version == Version::V3) {
      if (!text.starts_with(digit_of(PacketType::Message))) return std::nullopt;
      text.remove_prefix(1);
    }
    auto decoded = base64_decode(text);
    if (!decoded) return std::nullopt;
    octets = *std::move(decoded);
    return Packet{.type = PacketType::Message, .kind = DataKind::Binary, .data = octets};
  }
  if (first < digit_of(PacketType::Open) || first > digit_of(PacketType::Noop)) return std::nullopt;
  return Packet{.type = static_cast<PacketType>(first - '0'), .data = text.substr(1)};
}

std::optional<Packet> parse_binary_packet(Bytes octets, Version version) {
  if (version == Version::V3) {
    if (!octets.starts_with(kMessageOctet)) return std::nullopt;
    octets.remove_prefix(1);
  }
  return Packet{.type = PacketType::Message, .kind = DataKind::Binary, .data = octets};
}

void append_binary_packet(std::string& out, Bytes data, Version version) {
  if (version == Version::V3) out.push_back(kMessageOctet);
  out.append(data);
}

void append_packet(std::string& out, const Packet& packet, Version version) {
  if (packet.kind == DataKind::Binary) {
    out.push_back(kBinaryMark);
    if (version == Version::V3) out.push_back(digit_of(PacketType::Message));
    return append_base64(out, packet.data);
  }
  out.push_back(digit_of(packet.type));
  out.append(packet.data);
}

}  // namespace carillon::engineio
