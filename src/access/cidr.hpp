// Address blocks: which proxies are trusted.
#pragma once

#include <cstdint>
#include <optional>

#include "access/ip_address.hpp"
#include "core/bytes.hpp"

namespace carillon::access {

/// A block of addresses, e.g. `10.0.0.0/8`, `fd00::/8`; a bare address is a block of one.
/// An IPv4 block contains its addresses in IPv4-mapped form too.
class Cidr {
 public:
  /// Empty on a bad address, a length out of range, and set bits after the prefix (`10.1.0.0/8`
  /// is more likely a slip than a wish).
  /// Source: RFC 4632 §3.1; RFC 4291 §2.3.
  static std::optional<Cidr> parse(Bytes text);

  bool contains(const IpAddress& address) const;

 private:
  IpAddress network_;
  std::uint8_t prefix_bits_ = 0;  // of the 128 of the IPv4-mapped form
};

}  // namespace carillon::access
