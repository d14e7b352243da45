// The socket of one connection of the load generator, plain or within TLS.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "net/unique_fd.hpp"

struct ssl_st;

namespace carillon::bench {

enum class Security : std::uint8_t { None, Tls };
/// What ALPN asks for.
enum class Protocol : std::uint8_t { Http1, Http2 };

/// It does not wait. Errors: whatever goes wrong throws WireError, with its name in front.
class Wire {
 public:
  /// Begins to connect to 127.0.0.1. `number` says which of 16 source addresses it comes from.
  Wire(std::string name, std::size_t number, std::uint16_t port, Security security,
       Protocol protocol = Protocol::Http1);
  ~Wire();
  Wire(const Wire&) = delete;
  Wire& operator=(const Wire&) = delete;

  int fd() const { return socket_.get(); }
  /// Goes on with connection and handshake, whenever the socket is ready; true: it is open.
  bool open();
  /// How many octets there were; 0: none now.
  std::size_t receive(std::span<char> room);
  /// How many of them were taken.
  std::size_t send(std::string_view octets);
  [[noreturn]] void fail(const std::string& what) const;

 private:
  struct Free {
    void operator()(ssl_st* session) const;
  };

  void shake_hands();
  std::size_t receive_sealed(std::span<char> room);
  std::size_t send_sealed(std::string_view octets);

  std::string name_;
  net::UniqueFd socket_;
  std::unique_ptr<ssl_st, Free> session_;  // null without TLS
  bool connected_ = false;
  bool open_ = false;
};

}  // namespace carillon::bench
