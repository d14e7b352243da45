#include "access/authority.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>

#include "access/ip_address.hpp"

namespace carillon::access {
namespace {

constexpr std::size_t kMaxNameBytes = 253;  // RFC 1035 §2.3.4, as text
constexpr std::size_t kMaxLabelBytes = 63;

char lower(char octet) {
  return octet >= 'A' && octet <= 'Z' ? static_cast<char>(octet - 'A' + 'a') : octet;
}

bool is_digit(char octet) {
  return octet >= '0' && octet <= '9';
}

/// Underscores are no part of a host name, but of names that people do use.
bool is_label_octet(char octet) {
  const char low = lower(octet);
  return (low >= 'a' && low <= 'z') || is_digit(octet) || octet == '-' || octet == '_';
}

bool is_name(Bytes text) {
  if (text.empty() || text.size() > kMaxNameBytes) return false;
  while (true) {
    const std::size_t dot = text.find('.');
    const Bytes label = text.substr(0, dot);
    if (label.empty() || label.size() > kMaxLabelBytes) return false;
    if (!std::all_of(label.begin(), label.end(), is_label_octet)) return false;
    if (dot == Bytes::npos) return true;
    text.remove_prefix(dot + 1);
  }
}

bool read_port(Bytes text, Authority& authority) {
  if (text.empty()) return true;
  if (text.front() != ':') return false;
  text.remove_prefix(1);
  if (text.empty()) return true;  // RFC 3986 §3.2.3: port = *DIGIT
  if (!std::all_of(text.begin(), text.end(), is_digit)) return false;
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc{}) return false;
  authority.port = port;
  return true;
}

}  // namespace

std::optional<Authority> parse_authority(Bytes text) {
  Authority authority;
  if (text.starts_with('[')) {
    const std::size_t end = text.find(']');
    if (end == Bytes::npos) return std::nullopt;
    authority.host = text.substr(1, end - 1);
    authority.kind = HostKind::Ip;
    const bool is_v6 = authority.host.find(':') != Bytes::npos;
    if (!is_v6 || !IpAddress::parse(authority.host)) return std::nullopt;
    return read_port(text.substr(end + 1), authority) ? std::optional(authority) : std::nullopt;
  }
  const std::size_t colon = std::min(text.find(':'), text.size());
  authority.host = text.substr(0, colon);
  if (!read_port(text.substr(colon), authority)) return std::nullopt;
  if (IpAddress::parse(authority.host)) {
    authority.kind = HostKind::Ip;
    return authority;
  }
  if (authority.host.ends_with('.')) authority.host.remove_suffix(1);
  return is_name(authority.host) ? std::optional(authority) : std::nullopt;
}

bool equal_ignoring_case(Bytes left, Bytes right) {
  return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                    [](char a, char b) { return lower(a) == lower(b); });
}

}  // namespace carillon::access
