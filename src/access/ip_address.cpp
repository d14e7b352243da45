#include "access/ip_address.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <cstring>

namespace carillon::access {
namespace {

constexpr std::size_t kV4Begin = 12;  // of the IPv4 address in the mapped form
constexpr std::array<std::uint8_t, kV4Begin> kV4Prefix = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

}  // namespace

std::optional<IpAddress> IpAddress::parse(Bytes text) {
  // inet_pton() is as strict as we want to be, but reads C strings.
  std::array<char, INET6_ADDRSTRLEN> buffer{};
  if (text.size() >= buffer.size() || text.find('\0') != Bytes::npos) return std::nullopt;
  std::copy(text.begin(), text.end(), buffer.begin());

  std::array<char, kOctets> binary{};
  if (inet_pton(AF_INET, buffer.data(), binary.data()) == 1) {
    return from_octets(Bytes(binary.data(), 4));
  }
  if (inet_pton(AF_INET6, buffer.data(), binary.data()) == 1) {
    return from_octets(Bytes(binary.data(), binary.size()));
  }
  return std::nullopt;
}

std::optional<IpAddress> IpAddress::from_octets(Bytes octets) {
  IpAddress address;
  if (octets.size() == kOctets) {
    std::memcpy(address.octets_.data(), octets.data(), kOctets);
  } else if (octets.size() == kOctets - kV4Begin) {
    std::copy(kV4Prefix.begin(), kV4Prefix.end(), address.octets_.begin());
    std::memcpy(address.octets_.data() + kV4Begin, octets.data(), octets.size());
  } else {
    return std::nullopt;
  }
  return address;
}

bool IpAddress::is_v4() const {
  return std::equal(kV4Prefix.begin(), kV4Prefix.end(), octets_.begin());
}

bool IpAddress::is_loopback() const {
  if (is_v4()) return octets_[kV4Begin] == 127;
  return octets_[kOctets - 1] == 1 &&
         std::all_of(octets_.begin(), octets_.end() - 1, [](auto octet) { return octet == 0; });
}

std::string IpAddress::text() const {
  std::array<char, INET6_ADDRSTRLEN> buffer{};
  const void* octets = is_v4() ? octets_.data() + kV4Begin : octets_.data();
  inet_ntop(is_v4() ? AF_INET : AF_INET6, octets, buffer.data(), buffer.size());
  return buffer.data();
}

}  // namespace carillon::access
