// An address and a port, as STUN and TURN speak of them.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "core/bytes.hpp"

namespace carillon::stun {

/// The numbers of the wire (RFC 8489 §14.1).
enum class Family : std::uint8_t { Ipv4 = 1, Ipv6 = 2 };

/// The end of a UDP or TCP path.
struct TransportAddress {
  std::array<std::uint8_t, 16> ip{};  // network order; IPv4 uses the first four octets
  std::uint16_t port = 0;             // host order
  Family family = Family::Ipv4;

  std::size_t ip_bytes() const { return family == Family::Ipv4 ? 4 : 16; }
  Bytes ip_octets() const { return {reinterpret_cast<const char*>(ip.data()), ip_bytes()}; }
  bool same_ip(const TransportAddress& other) const {
    return family == other.family && ip == other.ip;
  }
  bool operator==(const TransportAddress&) const = default;
};

}  // namespace carillon::stun
