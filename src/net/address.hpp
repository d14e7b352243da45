// Where we listen and who calls: IPv4, IPv6 and Unix addresses as text and as the kernel's form.
#pragma once

#include <sys/socket.h>

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "core/bytes.hpp"
#include "core/result.hpp"

namespace carillon::net {

enum class Family : std::uint8_t { None, Ipv4, Ipv6, Unix };

using IpBytes = std::array<std::uint8_t, 16>;

/// The other end of a connection, small enough to be kept by each. For a Unix socket it has no
/// address. An IPv4-mapped IPv6 address becomes IPv4.
class PeerAddress {
 public:
  PeerAddress() = default;
  static PeerAddress from(const sockaddr* address, socklen_t size);
  /// A client that speaks through a forwarder, which has told its address: IPv4, IPv6, or None
  /// where it has not.
  static PeerAddress relayed(Family family, const IpBytes& ip, std::uint16_t port);

  Family family() const { return family_; }
  /// Network order; IPv4 uses the first four octets.
  const IpBytes& ip() const { return ip_; }
  /// Host order; 0 for a Unix socket.
  std::uint16_t port() const { return port_; }
  bool is_unix() const { return family_ == Family::Unix; }
  /// The address was told by a forwarder: on which machine it is meant, nobody knows.
  bool is_relayed() const { return relayed_; }
  /// 127.0.0.0/8 or ::1; not a Unix socket, and nobody who was relayed.
  bool is_loopback() const;
  /// Loopback or a Unix socket: the peer is on this machine.
  bool is_local() const { return is_unix() || is_loopback(); }

  /// `192.0.2.1`, `2001:db8::1`, or `unix`.
  std::string ip_text() const;
  /// `192.0.2.1:4711`, `[2001:db8::1]:4711`, or `unix`.
  std::string to_text() const;

  /// It is counted among the connections of its address: ReactorOptions::on_counted_gone.
  void mark_counted() { counted_ = true; }
  bool is_counted() const { return counted_; }

  bool operator==(const PeerAddress&) const = default;

 private:
  IpBytes ip_{};
  std::uint16_t port_ = 0;
  Family family_ = Family::None;
  bool relayed_ : 1 = false;
  bool counted_ : 1 = false;
};

/// An address to listen on or to connect to.
class Address {
 public:
  Address() = default;
  static Address unix_path(std::string path);
  static Address from(const sockaddr* address, socklen_t size);

  Family family() const { return family_; }
  bool is_unix() const { return family_ == Family::Unix; }
  /// 127.0.0.0/8 or ::1; not a Unix socket.
  bool is_loopback() const;
  /// Loopback or a Unix socket: nobody outside this machine can reach it.
  bool is_local() const { return is_unix() || is_loopback(); }
  std::uint16_t port() const { return port_; }
  void set_port(std::uint16_t port) { port_ = port; }
  const std::string& path() const { return path_; }

  /// Fills the kernel's form and returns its size in octets.
  socklen_t to_socket(sockaddr_storage& storage) const;

  /// `127.0.0.1:8000`, `[::1]:8000` or `unix:/run/x.sock`: `resolve` reads it again.
  std::string to_text() const;

  bool operator==(const Address&) const = default;

 private:
  IpBytes ip_{};
  std::uint32_t scope_ = 0;  // the interface of a link-local IPv6 address
  std::uint16_t port_ = 0;   // host order
  Family family_ = Family::None;
  std::string path_;
};

/// The addresses that `text` stands for, without doubles, at least one.
/// Shape:  `127.0.0.1:8000`, `[::1]:8000`, `name:8000` (asks the resolver: at start-up only),
///         `:8000` or `*:8000` (any address of both families: IPv4 first), `unix:/path`.
/// Errors: a sentence for the user that quotes `text`.
Result<std::vector<Address>, std::string> resolve(Bytes text);

/// The addresses of a host to connect to, in the order that the resolver advises, without doubles,
/// at least one. `host` is a name or an IP literal without brackets. It blocks while it asks.
/// Errors: what the resolver said.
Result<std::vector<Address>, std::string> resolve_host(const std::string& host, std::uint16_t port);

}  // namespace carillon::net
