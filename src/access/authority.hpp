// `host[:port]`, as it stands in Host, in Origin and in configured lists.
#pragma once

#include <cstdint>
#include <optional>

#include "core/bytes.hpp"

namespace carillon::access {

enum class HostKind : std::uint8_t { Name, Ip };

/// Lifetime: `host` is a view into the parsed text.
struct Authority {
  Bytes host;  // without brackets and without the dot that may end a name
  std::optional<std::uint16_t> port;
  HostKind kind = HostKind::Name;
};

/// Empty unless the text is a DNS name of ASCII labels, an IPv4 address or an IPv6 address in
/// brackets, with or without a port. User information, zones and percent-encoding are refused.
/// Source: RFC 3986 §3.2.2, §3.2.3; RFC 9110 §7.2.
std::optional<Authority> parse_authority(Bytes text);

/// ASCII only: 'Ä' is not 'ä', since names on the wire are punycode.
bool equal_ignoring_case(Bytes left, Bytes right);

}  // namespace carillon::access
