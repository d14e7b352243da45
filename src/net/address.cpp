#include "net/address.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/un.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <memory>
#include <optional>
#include <utility>

namespace carillon::net {
namespace {

constexpr Bytes kUnixPrefix = "unix:";
constexpr std::size_t kMappedPrefixBytes = 12;  // ::ffff:0:0/96 (RFC 4291 §2.5.5.2)
constexpr std::size_t kUnixPathBytes = sizeof(sockaddr_un{}.sun_path) - 1;

/// What a sockaddr of the internet holds; the mapped form counts as IPv4.
struct Endpoint {
  IpBytes ip{};
  std::uint32_t scope = 0;
  std::uint16_t port = 0;
  Family family = Family::None;
};

bool is_mapped(const IpBytes& ip) {
  constexpr IpBytes kPrefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  return std::equal(ip.begin(), ip.begin() + kMappedPrefixBytes, kPrefix.begin());
}

IpBytes unmapped(const IpBytes& ip) {
  IpBytes ipv4{};
  std::copy(ip.begin() + kMappedPrefixBytes, ip.end(), ipv4.begin());
  return ipv4;
}

Endpoint ipv6_endpoint(const sockaddr_in6& address) {
  Endpoint endpoint{.ip = {},
                    .scope = address.sin6_scope_id,
                    .port = ntohs(address.sin6_port),
                    .family = Family::Ipv6};
  std::memcpy(endpoint.ip.data(), &address.sin6_addr, endpoint.ip.size());
  if (is_mapped(endpoint.ip)) {
    endpoint.ip = unmapped(endpoint.ip);
    endpoint.family = Family::Ipv4;
  }
  return endpoint;
}

Endpoint endpoint_of(const sockaddr* address, socklen_t size) {
  if (size >= sizeof(sockaddr_in) && address->sa_family == AF_INET) {
    sockaddr_in ipv4{};
    std::memcpy(&ipv4, address, sizeof ipv4);
    Endpoint endpoint{.port = ntohs(ipv4.sin_port), .family = Family::Ipv4};
    std::memcpy(endpoint.ip.data(), &ipv4.sin_addr, sizeof ipv4.sin_addr);
    return endpoint;
  }
  if (size >= sizeof(sockaddr_in6) && address->sa_family == AF_INET6) {
    sockaddr_in6 ipv6{};
    std::memcpy(&ipv6, address, sizeof ipv6);
    return ipv6_endpoint(ipv6);
  }
  return {};
}

bool is_loopback_ip(Family family, const IpBytes& ip) {
  constexpr IpBytes kIpv6Loopback{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
  if (family == Family::Ipv4) return ip[0] == 127;  // RFC 1122 §3.2.1.3
  return family == Family::Ipv6 && ip == kIpv6Loopback;
}

std::string ip_to_text(Family family, const IpBytes& ip) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const int kernel_family = family == Family::Ipv4 ? AF_INET : AF_INET6;
  ::inet_ntop(kernel_family, ip.data(), text.data(), text.size());
  return text.data();
}

std::string endpoint_to_text(Family family, const std::string& ip, std::uint16_t port) {
  return family == Family::Ipv6 ? fmt::format("[{}]:{}", ip, port) : fmt::format("{}:{}", ip, port);
}

std::optional<std::uint16_t> parse_port(Bytes text) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return port;
}

struct HostAndPort {
  std::string host;  // empty: any
  std::uint16_t port = 0;
};

std::string complaint(Bytes text, Bytes what) {
  return fmt::format("'{}' is no address to listen on: {}", text, what);
}

Result<HostAndPort, std::string> split(Bytes text) {
  const std::size_t colon = text.rfind(':');
  if (colon == Bytes::npos) {
    return std::unexpected(complaint(text, "write HOST:PORT, :PORT or unix:/PATH"));
  }
  Bytes host = text.substr(0, colon);
  const auto port = parse_port(text.substr(colon + 1));
  if (!port) return std::unexpected(complaint(text, "the port is a number from 0 to 65535"));
  if (host.starts_with('[') && host.ends_with(']')) {
    host = host.substr(1, host.size() - 2);
    if (host.empty()) return std::unexpected(complaint(text, "nothing stands between [ and ]"));
  } else if (host.find_first_of(":[]") != Bytes::npos) {
    return std::unexpected(complaint(text, "write an IPv6 address as [ADDRESS]:PORT"));
  }
  return HostAndPort{.host = host == "*" ? std::string{} : std::string(host), .port = *port};
}

Result<std::vector<Address>, std::string> resolve_unix(Bytes text) {
  const Bytes path = text.substr(kUnixPrefix.size());
  if (path.empty()) return std::unexpected(complaint(text, "write unix:/PATH"));
  if (path.size() > kUnixPathBytes || path.find('\0') != Bytes::npos) {
    return std::unexpected(complaint(
        text, fmt::format("the path of a Unix socket has at most {} bytes", kUnixPathBytes)));
  }
  return std::vector{Address::unix_path(std::string(path))};
}

}  // namespace

// --- PeerAddress --------------------------------------------------------------------------------

PeerAddress PeerAddress::from(const sockaddr* address, socklen_t size) {
  PeerAddress peer;
  if (address->sa_family == AF_UNIX) {
    peer.family_ = Family::Unix;
    return peer;
  }
  const Endpoint endpoint = endpoint_of(address, size);
  peer.ip_ = endpoint.ip;
  peer.port_ = endpoint.port;
  peer.family_ = endpoint.family;
  return peer;
}

PeerAddress PeerAddress::relayed(Family family, const IpBytes& ip, std::uint16_t port) {
  PeerAddress peer;
  peer.family_ = family;
  peer.ip_ = ip;
  peer.port_ = port;
  peer.relayed_ = true;
  if (family == Family::Ipv6 && is_mapped(ip)) {
    peer.family_ = Family::Ipv4;
    peer.ip_ = unmapped(ip);
  }
  return peer;
}

bool PeerAddress::is_loopback() const {
  return !relayed_ && is_loopback_ip(family_, ip_);
}

std::string PeerAddress::ip_text() const {
  switch (family_) {
    case Family::Ipv4:
    case Family::Ipv6:
      return ip_to_text(family_, ip_);
    case Family::Unix:
      return "unix";
    case Family::None:
      break;
  }
  return "unknown";
}

std::string PeerAddress::to_text() const {
  const bool is_ip = family_ == Family::Ipv4 || family_ == Family::Ipv6;
  return is_ip ? endpoint_to_text(family_, ip_text(), port_) : ip_text();
}

// --- Address ------------------------------------------------------------------------------------

Address Address::unix_path(std::string path) {
  Address address;
  address.family_ = Family::Unix;
  address.path_ = std::move(path);
  return address;
}

Address Address::from(const sockaddr* address, socklen_t size) {
  const Endpoint endpoint = endpoint_of(address, size);
  Address result;
  result.ip_ = endpoint.ip;
  result.scope_ = endpoint.scope;
  result.port_ = endpoint.port;
  result.family_ = endpoint.family;
  return result;
}

bool Address::is_loopback() const {
  return is_loopback_ip(family_, ip_);
}

socklen_t Address::to_socket(sockaddr_storage& storage) const {
  storage = {};
  if (family_ == Family::Ipv4) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port_);
    std::memcpy(&address.sin_addr, ip_.data(), sizeof address.sin_addr);
    std::memcpy(&storage, &address, sizeof address);
    return sizeof address;
  }
  if (family_ == Family::Ipv6) {
    sockaddr_in6 address{};
    address.sin6_family = AF_INET6;
    address.sin6_port = htons(port_);
    address.sin6_scope_id = scope_;
    std::memcpy(&address.sin6_addr, ip_.data(), sizeof address.sin6_addr);
    std::memcpy(&storage, &address, sizeof address);
    return sizeof address;
  }
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path_.copy(address.sun_path, kUnixPathBytes);
  std::memcpy(&storage, &address, sizeof address);
  return sizeof address;
}

std::string Address::to_text() const {
  if (is_unix()) return std::string(kUnixPrefix) + path_;
  std::string ip = ip_to_text(family_, ip_);
  if (scope_ != 0) ip += fmt::format("%{}", scope_);
  return endpoint_to_text(family_, ip, port_);
}

namespace {

/// `host` null: any address.
Result<std::vector<Address>, std::string> look_up(const char* host, std::uint16_t port) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE;
  addrinfo* found = nullptr;
  const int error = ::getaddrinfo(host, "0", &hints, &found);
  if (error != 0) return std::unexpected(std::string(::gai_strerror(error)));
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owned(found, &::freeaddrinfo);
  std::vector<Address> addresses;
  for (const addrinfo* entry = found; entry != nullptr; entry = entry->ai_next) {
    Address address = Address::from(entry->ai_addr, entry->ai_addrlen);
    address.set_port(port);
    const bool known = std::ranges::find(addresses, address) != addresses.end();
    if (address.family() != Family::None && !known) addresses.push_back(std::move(address));
  }
  if (addresses.empty()) return std::unexpected(std::string("it has no IP address"));
  return addresses;
}

}  // namespace

Result<std::vector<Address>, std::string> resolve(Bytes text) {
  if (text.starts_with(kUnixPrefix)) return resolve_unix(text);
  const HostAndPort wanted = TRY(split(text));
  auto addresses = look_up(wanted.host.empty() ? nullptr : wanted.host.c_str(), wanted.port);
  if (!addresses) return std::unexpected(complaint(text, addresses.error()));
  std::ranges::stable_sort(*addresses, {}, &Address::family);  // IPv4 first
  return addresses;
}

Result<std::vector<Address>, std::string> resolve_host(const std::string& host,
                                                       std::uint16_t port) {
  return look_up(host.c_str(), port);
}

}  // namespace carillon::net
