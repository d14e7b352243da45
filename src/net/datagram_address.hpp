// Where a datagram comes from or goes to.
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include <cstdint>
#include <string>

#include "net/address.hpp"

namespace carillon::net {

/// IPv4 or IPv6; None: nothing is known.
struct DatagramAddress {
  IpBytes ip{};            // network order; IPv4 uses the first four octets
  std::uint16_t port = 0;  // host order
  Family family = Family::None;

  static DatagramAddress from(const sockaddr* address);
  /// The kernel's form; sockaddr_in6 is the larger of the two.
  socklen_t to_socket(sockaddr_in6& storage) const;
  bool is_any() const { return ip == IpBytes{}; }
  /// `192.0.2.1:4711`, `[2001:db8::1]:4711`.
  std::string to_text() const;

  bool operator==(const DatagramAddress&) const = default;
};

}  // namespace carillon::net
