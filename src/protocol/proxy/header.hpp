// The PROXY header, version 2: what a proxy that forwards bare connections says about each of them
// before its first octet.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "core/bytes.hpp"
#include "core/result.hpp"
#include "protocol/proxy/error.hpp"

namespace carillon::proxy {

/// Octets of a whole header: the largest addresses (216) and what extensions proxies really send
/// (identifiers, names, digests of certificates); the format itself would allow 64 KiB.
inline constexpr std::size_t kMaxHeaderBytes = 4 * 1024;

enum class Command : std::uint8_t {
  Local,  // the proxy's own connection, a health check for instance
  Proxy,  // a client's
};

enum class Family : std::uint8_t {
  Unspecified,  // the proxy does not know, or does not tell
  Ipv4,
  Ipv6,
  Unix,
};

struct Header {
  Command command = Command::Local;
  Family family = Family::Unspecified;          // of a Local one: Unspecified
  std::array<std::uint8_t, 16> source_ip = {};  // network order; IPv4 uses the first four octets
  std::uint16_t source_port = 0;                // host order
  std::size_t header_bytes = 0;                 // what follows belongs to the client
};

/// Reads the header at the front of `input`.
///
///     0                   1                   2                   3
///    +---------------------------------------------------------------+
///    |          signature: 0D 0A 0D 0A 00 0D 0A 51 55 49 54 0A        |
///    +---------------+---------------+-------------------------------+
///    | version  cmd  | family  trans |  length of what follows (BE)  |
///    +---------------+---------------+-------------------------------+
///    | source, destination address, source, destination port, TLVs … |
///
/// Shape:  incomplete → empty optional. Destination and TLVs are passed over.
/// Errors: see HeaderError; told as soon as the octets that are there show it.
/// Source: the HAProxy project's "The PROXY protocol, Versions 1 & 2", §2.2.
Result<std::optional<Header>, HeaderError> parse_header(Bytes input);

}  // namespace carillon::proxy
