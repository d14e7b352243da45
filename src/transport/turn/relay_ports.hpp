// Which ports relays have, and at which addresses, over all reactors.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

#include "net/address.hpp"

namespace carillon::transport {

/// Of one family; a port is one relay's, whatever its address. Thread: any.
class RelayPorts {
 public:
  /// `ip`: what it is bound to. False: the port is a relay's already.
  bool take(std::uint16_t port, const net::IpBytes& ip);
  void give_back(std::uint16_t port);
  /// Whether a relay has it, at any address, or at that one.
  bool has(std::uint16_t port) const;
  bool has(std::uint16_t port, const net::IpBytes& ip) const;

 private:
  /// Never 0. This machine's few addresses do not choose theirs.
  static std::uint32_t mark_of(const net::IpBytes& ip);

  std::array<std::atomic<std::uint32_t>, 65'536> marks_{};  // of the address; 0: nobody's port
};

}  // namespace carillon::transport
