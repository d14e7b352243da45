#include "access/cidr.hpp"

#include <charconv>
#include <cstddef>

namespace carillon::access {
namespace {

constexpr unsigned kAllBits = 128;
constexpr unsigned kV4PrefixBits = 96;  // of the IPv4-mapped form

/// The part of octet `index` that lies in a prefix of that length.
std::uint8_t mask_of(std::size_t index, unsigned prefix_bits) {
  const auto begin = static_cast<unsigned>(index) * 8;
  if (prefix_bits >= begin + 8) return 0xff;
  if (prefix_bits <= begin) return 0;
  return static_cast<std::uint8_t>(0xffU << (begin + 8 - prefix_bits));
}

std::optional<unsigned> parse_length(Bytes text, unsigned most) {
  unsigned length = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), length);
  if (error != std::errc{} || end != text.data() + text.size() || length > most) return {};
  return length;
}

}  // namespace

std::optional<Cidr> Cidr::parse(Bytes text) {
  const std::size_t slash = text.find('/');
  const auto network = IpAddress::parse(text.substr(0, slash));
  if (!network) return std::nullopt;

  // An IPv4 address may be written in its mapped form; then the length is that of the whole.
  const bool dotted_only = text.substr(0, slash).find(':') == Bytes::npos;
  const unsigned skipped = dotted_only ? kV4PrefixBits : 0;
  unsigned prefix_bits = kAllBits;
  if (slash != Bytes::npos) {
    const auto length = parse_length(text.substr(slash + 1), kAllBits - skipped);
    if (!length) return std::nullopt;
    prefix_bits = *length + skipped;
  }
  for (std::size_t i = 0; i < IpAddress::kOctets; ++i) {
    if ((network->octets()[i] & ~mask_of(i, prefix_bits)) != 0) return std::nullopt;
  }
  Cidr cidr;
  cidr.network_ = *network;
  cidr.prefix_bits_ = static_cast<std::uint8_t>(prefix_bits);
  return cidr;
}

bool Cidr::contains(const IpAddress& address) const {
  // `::/0` is all of IPv6, and not all of IPv4 by the accident of how that is kept here.
  if (address.is_v4() && prefix_bits_ < kV4PrefixBits) return false;
  for (std::size_t i = 0; i < IpAddress::kOctets; ++i) {
    const int difference = address.octets()[i] ^ network_.octets()[i];
    if ((difference & mask_of(i, prefix_bits_)) != 0) return false;
  }
  return true;
}

}  // namespace carillon::access
