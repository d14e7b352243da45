// Whose rate or number is limited, as a number: tables keyed by it do not grow with strangers.
#pragma once

#include <cstdint>

#include "access/ip_address.hpp"
#include "core/bytes.hpp"

namespace carillon::access {

/// What is counted under a key; keys of two subjects never mean the same.
enum class LimitSubject : std::uint8_t {
  Address,  // requests and connections of one address
  User,
  Channel,
};

/// Hashed with this process's key, so that strangers cannot choose who shares it. Never 0.
struct LimitKey {
  std::uint64_t value = 0;  // 0: nobody

  static LimitKey of(LimitSubject subject, Bytes name);
  /// Of one host: an IPv4 address, or the first 64 bits of an IPv6 address.
  static LimitKey of(const IpAddress& address);
  /// A key of its own for each thing that is counted of the same subject.
  LimitKey with(std::uint8_t what) const;

  explicit operator bool() const { return value != 0; }
  bool operator==(const LimitKey&) const = default;
};

}  // namespace carillon::access
