#include "protocol/engineio/packet.hpp"

#include <utility>

#include "core/base64.hpp"

namespace carillon::engineio {
namespace {

/// In the place of the digit.
constexpr char kBinaryMark = 'b';

}  // namespace

std::optional<Packet> parse_packet(Bytes text, std::string& octets) {
  if (text.empty()) return std::nullopt;
  const char first = text.front();
  if (first == kBinaryMark) {
    auto decoded = base64_decode(text.substr(1));
    if (!decoded) return std::nullopt;
    octets = *std::move(decoded);
    return Packet{.type = PacketType::Message, .kind = DataKind::Binary, .data = octets};
  }
  if (first < digit_of(PacketType::Open) || first > digit_of(PacketType::Noop)) return std::nullopt;
  return Packet{.type = static_cast<PacketType>(first - '0'), .data = text.substr(1)};
}

void append_packet(std::string& out, const Packet& packet) {
  if (packet.kind == DataKind::Binary) {
    out.push_back(kBinaryMark);
    return append_base64(out, packet.data);
  }
  out.push_back(digit_of(packet.type));
  out.append(packet.data);
}

}  // namespace carillon::engineio
