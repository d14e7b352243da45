#include "access/limit_key.hpp"

#include "core/hash.hpp"

namespace carillon::access {
namespace {

constexpr std::size_t kIpv4At = 12;         // in the IPv4-mapped form
constexpr std::size_t kIpv6HostOctets = 8;  // what one subscriber of a provider has

/// An odd constant of a full period (2^64 divided by the golden ratio).
constexpr std::uint64_t kSpread = 0x9E37'79B9'7F4A'7C15;

LimitKey key_of(std::uint64_t hash, std::uint8_t salt) {
  const std::uint64_t value = (hash + salt) * kSpread;
  return {.value = value == 0 ? 1 : value};
}

}  // namespace

LimitKey LimitKey::of(LimitSubject subject, Bytes name) {
  return key_of(StringHash()(name), static_cast<std::uint8_t>(subject));
}

LimitKey LimitKey::of(const IpAddress& address) {
  const auto* octets = reinterpret_cast<const char*>(address.octets().data());
  const Bytes host = address.is_v4() ? Bytes(octets + kIpv4At, IpAddress::kOctets - kIpv4At)
                                     : Bytes(octets, kIpv6HostOctets);
  return of(LimitSubject::Address, host);
}

LimitKey LimitKey::with(std::uint8_t what) const {
  return key_of(value ^ (value >> 32), what);
}

}  // namespace carillon::access
