#include "protocol/proxy/header.hpp"

#include <algorithm>

namespace carillon::proxy {
namespace {

using namespace std::string_view_literals;

constexpr Bytes kSignature = "\r\n\r\n\0\r\nQUIT\n"sv;
constexpr Bytes kVersion1 = "PROXY "sv;
constexpr std::size_t kFixedBytes = 16;

/// Version and command, family and transport: a half octet each.
constexpr std::uint8_t kLocal = 0x20;
constexpr std::uint8_t kProxy = 0x21;
constexpr std::uint8_t kUnspecified = 0x00;
constexpr std::uint8_t kTcpOverIpv4 = 0x11;
constexpr std::uint8_t kTcpOverIpv6 = 0x21;
constexpr std::uint8_t kUnixStream = 0x31;

std::uint8_t octet_at(Bytes input, std::size_t index) {
  return static_cast<std::uint8_t>(input[index]);
}

std::uint16_t number_at(Bytes input, std::size_t index) {
  return static_cast<std::uint16_t>(octet_at(input, index) << 8 | octet_at(input, index + 1));
}

bool may_begin_with(Bytes input, Bytes expected) {
  const std::size_t size = std::min(input.size(), expected.size());
  return input.substr(0, size) == expected.substr(0, size);
}

Result<Command, HeaderError> command_of(std::uint8_t octet) {
  if (octet == kLocal) return Command::Local;
  if (octet == kProxy) return Command::Proxy;
  return std::unexpected((octet & 0xF0) == (kProxy & 0xF0) ? HeaderError::UnknownCommand
                                                           : HeaderError::UnknownVersion);
}

Result<Family, HeaderError> family_of(std::uint8_t octet) {
  switch (octet) {
    case kUnspecified:
      return Family::Unspecified;
    case kTcpOverIpv4:
      return Family::Ipv4;
    case kTcpOverIpv6:
      return Family::Ipv6;
    case kUnixStream:
      return Family::Unix;
    default:
      return std::unexpected(HeaderError::UnknownFamily);
  }
}

/// Octets of one IP address.
std::size_t ip_bytes(Family family) {
  if (family == Family::Ipv4) return 4;
  return family == Family::Ipv6 ? 16 : 0;
}

/// Octets of both addresses and ports.
std::size_t address_bytes(Family family) {
  constexpr std::size_t kUnixPaths = 2 * 108;
  if (family == Family::Unix) return kUnixPaths;
  const std::size_t ip = ip_bytes(family);
  return ip == 0 ? 0 : 2 * (ip + 2);
}

void read_source(Bytes addresses, Header& header) {
  const std::size_t size = ip_bytes(header.family);
  if (size == 0) return;
  std::copy_n(addresses.begin(), size, header.source_ip.begin());
  header.source_port = number_at(addresses, 2 * size);
}

}  // namespace

Result<std::optional<Header>, HeaderError> parse_header(Bytes input) {
  if (!may_begin_with(input, kSignature)) {
    // Its first octet tells the text form from everything that may be on its way.
    if (!may_begin_with(input, kVersion1)) return std::unexpected(HeaderError::NoSignature);
    if (input.size() < kVersion1.size()) return std::nullopt;
    return std::unexpected(HeaderError::Version1);
  }
  Header header;
  if (input.size() > kSignature.size()) header.command = TRY(command_of(octet_at(input, 12)));
  const bool is_local = header.command == Command::Local;
  if (input.size() > kSignature.size() + 1 && !is_local) {
    header.family = TRY(family_of(octet_at(input, 13)));
  }
  if (input.size() < kFixedBytes) return std::nullopt;
  const std::size_t length = number_at(input, 14);
  if (length < address_bytes(header.family)) {
    return std::unexpected(HeaderError::AddressesTooShort);
  }
  header.header_bytes = kFixedBytes + length;
  if (header.header_bytes > kMaxHeaderBytes) return std::unexpected(HeaderError::TooLong);
  if (input.size() < header.header_bytes) return std::nullopt;
  read_source(input.substr(kFixedBytes), header);
  return header;
}

}  // namespace carillon::proxy
