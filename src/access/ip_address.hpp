// IP addresses as values: what permissions and proxy trust compare.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "core/bytes.hpp"

namespace carillon::access {

/// An IPv4 or IPv6 address. IPv4 is kept in its IPv4-mapped form (RFC 4291 §2.5.5.2), so that a
/// client is the same one whether it came through an IPv4 or a dual-stack socket.
class IpAddress {
 public:
  static constexpr std::size_t kOctets = 16;

  /// Strict text: four decimal numbers without leading zeros, or RFC 4291 §2.2 without zone and
  /// brackets. Shorthands that inet_aton() takes (`127.1`, `0x7f000001`) are refused.
  static std::optional<IpAddress> parse(Bytes text);
  /// From 4 or 16 octets in network order; empty for any other number.
  static std::optional<IpAddress> from_octets(Bytes octets);

  bool is_v4() const;
  /// 127.0.0.0/8 and ::1.
  bool is_loopback() const;
  const std::array<std::uint8_t, kOctets>& octets() const { return octets_; }
  std::string text() const;

  bool operator==(const IpAddress&) const = default;

 private:
  std::array<std::uint8_t, kOctets> octets_{};
};

}  // namespace carillon::access
