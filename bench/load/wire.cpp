#include "load/wire.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "load/http_wire.hpp"

namespace carillon::bench {
namespace {

/// Connections are spread over so many source addresses, from 127.0.0.2 on: one has only 28,000
/// ports towards a server.
constexpr std::size_t kSourceAddresses = 16;

sockaddr_in loopback(std::uint32_t last_octet, std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(0x7F000000U + last_octet);
  return address;
}

void set_option(int fd, int level, int name) {
  const int on = 1;
  ::setsockopt(fd, level, name, &on, sizeof on);
}

/// Whom it talks to it has started itself: certificates are not looked at.
SSL_CTX* context() {
  static SSL_CTX* const made = [] {
    SSL_CTX* fresh = SSL_CTX_new(TLS_client_method());
    if (fresh == nullptr) throw WireError("no TLS");
    SSL_CTX_set_mode(fresh, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                SSL_MODE_RELEASE_BUFFERS);
    return fresh;
  }();
  return made;
}

void ask_for(SSL* session, Protocol protocol) {
  const std::string_view list = protocol == Protocol::Http2 ? "\x02h2" : "\x08http/1.1";
  SSL_set_alpn_protos(session, reinterpret_cast<const unsigned char*>(list.data()),
                      static_cast<unsigned>(list.size()));
}

}  // namespace

void Wire::Free::operator()(ssl_st* session) const {
  SSL_free(session);
}

Wire::Wire(std::string name, std::size_t number, std::uint16_t port, Security security,
           Protocol protocol)
    : name_(std::move(name)),
      socket_(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)) {
  if (!socket_) fail(std::string("socket: ") + std::strerror(errno));
  set_option(fd(), IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT);
  set_option(fd(), IPPROTO_TCP, TCP_NODELAY);
  const sockaddr_in from = loopback(static_cast<std::uint32_t>(2 + number % kSourceAddresses), 0);
  const sockaddr_in to = loopback(1, port);
  if (::bind(fd(), reinterpret_cast<const sockaddr*>(&from), sizeof from) != 0) {
    fail(std::string("bind: ") + std::strerror(errno));
  }
  if (::connect(fd(), reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0 &&
      errno != EINPROGRESS) {
    fail(std::string("connect: ") + std::strerror(errno));
  }
  if (security == Security::None) return;
  session_.reset(SSL_new(context()));
  SSL_set_fd(session_.get(), fd());
  SSL_set_connect_state(session_.get());
  ask_for(session_.get(), protocol);
}

/// With a reset: 20,000 sockets in TIME_WAIT would stand in the way of the next run.
Wire::~Wire() {
  const linger now{.l_onoff = 1, .l_linger = 0};
  ::setsockopt(fd(), SOL_SOCKET, SO_LINGER, &now, sizeof now);
}

void Wire::fail(const std::string& what) const {
  throw WireError(name_ + ": " + what);
}

bool Wire::open() {
  if (!std::exchange(connected_, true)) {
    int error = 0;
    socklen_t size = sizeof error;
    ::getsockopt(fd(), SOL_SOCKET, SO_ERROR, &error, &size);
    if (error != 0) fail(std::string("connect: ") + std::strerror(error));
    open_ = session_ == nullptr;
  }
  if (!open_) shake_hands();
  return open_;
}

void Wire::shake_hands() {
  ERR_clear_error();
  const int result = SSL_do_handshake(session_.get());
  open_ = result == 1;
  if (open_) return;
  const int error = SSL_get_error(session_.get(), result);
  if (error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE) fail("no TLS handshake");
}

std::size_t Wire::receive(std::span<char> room) {
  if (session_) return receive_sealed(room);
  const ssize_t count = ::recv(fd(), room.data(), room.size(), MSG_DONTWAIT);
  if (count == 0) fail("the server has closed it");
  if (count > 0) return static_cast<std::size_t>(count);
  if (errno != EAGAIN) fail(std::string("receive: ") + std::strerror(errno));
  return 0;
}

std::size_t Wire::receive_sealed(std::span<char> room) {
  ERR_clear_error();
  std::size_t count = 0;
  const int done = SSL_read_ex(session_.get(), room.data(), room.size(), &count);
  if (done == 1) return count;
  if (SSL_get_error(session_.get(), done) != SSL_ERROR_WANT_READ) fail("the server has closed it");
  return 0;
}

std::size_t Wire::send(std::string_view octets) {
  if (session_) return send_sealed(octets);
  const ssize_t count = ::send(fd(), octets.data(), octets.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
  if (count >= 0) return static_cast<std::size_t>(count);
  if (errno != EAGAIN) fail(std::string("send: ") + std::strerror(errno));
  return 0;
}

std::size_t Wire::send_sealed(std::string_view octets) {
  ERR_clear_error();
  std::size_t count = 0;
  const int done = SSL_write_ex(session_.get(), octets.data(), octets.size(), &count);
  if (done == 1) return count;
  if (SSL_get_error(session_.get(), done) != SSL_ERROR_WANT_WRITE) fail("send: TLS has failed");
  return 0;
}

}  // namespace carillon::bench
