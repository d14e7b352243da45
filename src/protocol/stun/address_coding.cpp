#include "protocol/stun/address_coding.hpp"

#include "protocol/stun/message.hpp"
#include "protocol/stun/octets.hpp"

namespace carillon::stun {
namespace {

constexpr std::size_t kBeforeIp = 4;  // zero, family, port
constexpr std::uint16_t kPortMask = kMagicCookie >> 16;

/// The cookie and the transaction id, one after the other.
std::uint8_t mask_octet(std::size_t index, Bytes transaction_id) {
  if (index < 4) return static_cast<std::uint8_t>(kMagicCookie >> (24 - 8 * index));
  return read_u8(transaction_id, index - 4);
}

}  // namespace

std::optional<TransportAddress> read_xor_address(Bytes value, Bytes transaction_id) {
  if (value.size() < kBeforeIp) return std::nullopt;
  const std::uint8_t family = read_u8(value, 1);
  if (family != 1 && family != 2) return std::nullopt;
  TransportAddress address{.ip = {},
                           .port = static_cast<std::uint16_t>(read_u16(value, 2) ^ kPortMask),
                           .family = static_cast<Family>(family)};
  if (value.size() != kBeforeIp + address.ip_bytes()) return std::nullopt;
  for (std::size_t i = 0; i < address.ip_bytes(); ++i) {
    address.ip[i] = read_u8(value, kBeforeIp + i) ^ mask_octet(i, transaction_id);
  }
  return address;
}

void append_xor_address(std::string& out, const TransportAddress& address, Bytes transaction_id) {
  out += '\0';
  out += static_cast<char>(address.family);
  append_u16(out, address.port ^ kPortMask);
  for (std::size_t i = 0; i < address.ip_bytes(); ++i) {
    out += static_cast<char>(address.ip[i] ^ mask_octet(i, transaction_id));
  }
}

}  // namespace carillon::stun
