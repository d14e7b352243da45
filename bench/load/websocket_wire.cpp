#include "load/websocket_wire.hpp"

#include <array>

#include "load/http_wire.hpp"

namespace carillon::bench {
namespace {

std::uint64_t big_endian(std::string_view octets) {
  std::uint64_t value = 0;
  for (const char octet : octets) value = value << 8 | static_cast<std::uint8_t>(octet);
  return value;
}

/// Servers must not care which; unmasking with zeros might be a short cut.
constexpr std::array<std::uint8_t, 4> kMask = {0x5A, 0xC3, 0x17, 0x88};

}  // namespace

std::optional<ServerFrame> take_frame(std::string_view& input) {
  if (input.size() < 2) return std::nullopt;
  const auto first = static_cast<std::uint8_t>(input[0]);
  const auto second = static_cast<std::uint8_t>(input[1]);
  if ((first & 0xF0) != 0x80) throw WireError("a fragment or a reserved bit");
  if ((second & 0x80) != 0) throw WireError("a masked frame from a server");
  std::uint64_t size = second;
  std::size_t head = 2;
  if (size >= 126) {
    const std::size_t octets = size == 126 ? 2 : 8;
    if (input.size() < head + octets) return std::nullopt;
    size = big_endian(input.substr(head, octets));
    head += octets;
  }
  if (input.size() - head < size) return std::nullopt;
  const ServerFrame frame{.opcode = static_cast<std::uint8_t>(first & 0x0F),
                          .payload = input.substr(head, static_cast<std::size_t>(size))};
  input.remove_prefix(head + static_cast<std::size_t>(size));
  return frame;
}

void append_client_frame(std::string& out, std::uint8_t opcode, std::string_view payload) {
  out.push_back(static_cast<char>(0x80 | opcode));
  if (payload.size() < 126) {
    out.push_back(static_cast<char>(0x80 | payload.size()));
  } else {
    if (payload.size() > 0xFFFF) throw WireError("a message too long for a benchmark");
    out.push_back(static_cast<char>(0x80 | 126));
    out.push_back(static_cast<char>(payload.size() >> 8));
    out.push_back(static_cast<char>(payload.size() & 0xFF));
  }
  for (const std::uint8_t octet : kMask) out.push_back(static_cast<char>(octet));
  for (std::size_t index = 0; index < payload.size(); ++index) {
    out.push_back(static_cast<char>(static_cast<std::uint8_t>(payload[index]) ^ kMask[index % 4]));
  }
}

std::string upgrade_fields() {
  return "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
         "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
}

}  // namespace carillon::bench
