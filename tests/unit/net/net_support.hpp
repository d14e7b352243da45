// What the tests of net share: sockets with another end, a handler that writes down what it hears,
// and waiting for a condition instead of a time.
#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "net/address.hpp"
#include "net/listen_socket.hpp"
#include "net/reactor.hpp"
#include "net/stream.hpp"
#include "net/unique_fd.hpp"

namespace carillon::net::test {

/// A test that needs longer has failed; the machine may be slow.
inline constexpr auto kPatience = std::chrono::seconds(60);

/// Runs ticks until the condition holds; false when patience ends first.
template <class Condition>
bool run_until(Reactor& reactor, Condition condition) {
  const auto end = std::chrono::steady_clock::now() + kPatience;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) return false;
    reactor.run_once(std::chrono::milliseconds(1));
  }
  return true;
}

/// What a handler has heard.
struct Heard {
  std::string bytes;
  int calls_with_bytes = 0;
  int ends = 0;
  int drains = 0;
  int deadlines = 0;
  int destroyed = 0;
  std::optional<CloseCause> closed;
};

/// What a test wants to happen inside a callback.
struct Actions {
  std::function<void(std::span<char>)> on_bytes = {};
  std::function<void()> on_end_of_input = {};
  std::function<void()> on_drained = {};
  std::function<void()> on_deadline = {};
  std::function<void()> on_closed = {};
  std::function<void()> on_destroyed = {};
};

/// Writes down what it hears, and does what the test wants on top.
class RecordingHandler final : public StreamHandler {
 public:
  explicit RecordingHandler(Heard& heard, Actions actions = {})
      : heard_(heard), actions_(std::move(actions)) {}
  ~RecordingHandler() override {
    ++heard_.destroyed;
    act(actions_.on_destroyed);
  }

  void on_bytes(std::span<char> received) override {
    heard_.bytes.append(received.data(), received.size());
    ++heard_.calls_with_bytes;
    if (actions_.on_bytes) actions_.on_bytes(received);
  }
  void on_end_of_input() override {
    ++heard_.ends;
    act(actions_.on_end_of_input);
  }
  void on_drained() override {
    ++heard_.drains;
    act(actions_.on_drained);
  }
  void on_deadline() override {
    ++heard_.deadlines;
    act(actions_.on_deadline);
  }
  void on_closed(CloseCause cause) override {
    heard_.closed = cause;
    act(actions_.on_closed);
  }

 private:
  static void act(const std::function<void()>& action) {
    if (action) action();
  }

  Heard& heard_;
  Actions actions_;
};

inline std::unique_ptr<StreamHandler> recording(Heard& heard, Actions actions = {}) {
  return std::make_unique<RecordingHandler>(heard, std::move(actions));
}

/// A non-blocking socket of a test.
class Client {
 public:
  explicit Client(UniqueFd socket) : socket_(std::move(socket)) {
    ::fcntl(socket_.get(), F_SETFL, ::fcntl(socket_.get(), F_GETFL) | O_NONBLOCK);
  }

  int fd() const { return socket_.get(); }
  void close() { socket_.reset(); }
  void close_with_reset() {
    const linger now{.l_onoff = 1, .l_linger = 0};
    ::setsockopt(fd(), SOL_SOCKET, SO_LINGER, &now, sizeof now);
    close();
  }
  void end_output() { ::shutdown(fd(), SHUT_WR); }

  /// Returns how much the kernel took.
  std::size_t write(Bytes octets) {
    const auto count = ::send(fd(), octets.data(), octets.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    return count > 0 ? static_cast<std::size_t>(count) : 0;
  }

  /// Takes what is there, up to 64 KiB.
  void read_some() {
    std::array<char, 64 * 1024> buffer;
    const auto count = ::recv(fd(), buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (count > 0) received_.append(buffer.data(), static_cast<std::size_t>(count));
    if (count == 0) ended_ = true;
    if (count < 0 && errno != EAGAIN) error_ = errno;
  }
  const std::string& received() const { return received_; }
  bool ended() const { return ended_; }
  int error() const { return error_; }

 private:
  UniqueFd socket_;
  std::string received_;
  bool ended_ = false;
  int error_ = 0;
};

/// Connects to a listening address; blocking, so it needs only the kernel's queue.
inline UniqueFd connect_to(const Address& address) {
  sockaddr_storage storage{};
  const socklen_t size = address.to_socket(storage);
  UniqueFd socket(::socket(storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&storage), size) != 0) {
    socket.reset();
  }
  return socket;
}

struct ConnectedPair {
  UniqueFd ours;
  UniqueFd theirs;
};

/// Two ends of one real TCP connection. `buffer_bytes` > 0 makes both kernel buffers small.
inline ConnectedPair tcp_pair(int buffer_bytes = 0) {
  auto sets = listen_on("127.0.0.1:0", 1);
  if (!sets) throw std::runtime_error(sets.error());
  const ListenSet& set = sets->front();
  const int listening = set.per_reactor.front()->fd();
  const auto shrink = [&](int fd, int option) {
    if (buffer_bytes > 0) {
      ::setsockopt(fd, SOL_SOCKET, option, &buffer_bytes, sizeof buffer_bytes);
    }
  };
  shrink(listening, SO_SNDBUF);
  UniqueFd theirs(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  shrink(theirs.get(), SO_RCVBUF);
  sockaddr_storage storage{};
  const socklen_t size = set.address.to_socket(storage);
  if (::connect(theirs.get(), reinterpret_cast<const sockaddr*>(&storage), size) != 0) {
    throw std::runtime_error("connect");
  }
  UniqueFd ours(::accept4(listening, nullptr, nullptr, SOCK_CLOEXEC));
  return {.ours = std::move(ours), .theirs = std::move(theirs)};
}

inline ConnectedPair unix_pair() {
  int ends[2] = {-1, -1};
  ::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends);
  return {.ours = UniqueFd(ends[0]), .theirs = UniqueFd(ends[1])};
}

inline PeerAddress some_peer() {
  sockaddr_storage storage{};
  const Address address = resolve("127.0.0.1:4711").value().front();
  const socklen_t size = address.to_socket(storage);
  return PeerAddress::from(reinterpret_cast<const sockaddr*>(&storage), size);
}

/// A reactor, one stream on it, and the other end.
struct OneStream {
  explicit OneStream(ConnectedPair pair, ReactorOptions options = {}, Actions actions = {})
      : reactor(std::move(options)), client(std::move(pair.theirs)) {
    handle = reactor.adopt(std::move(pair.ours), some_peer(), recording(heard, std::move(actions)));
  }

  Stream& stream() { return *reactor.find(handle); }
  bool gone() { return reactor.stream_count() == 0; }
  template <class Condition>
  bool run_until(Condition condition) {
    return test::run_until(reactor, condition);
  }
  /// Runs and reads until the condition holds.
  template <class Condition>
  bool read_until(Condition condition) {
    return test::run_until(reactor, [&] {
      client.read_some();
      return condition();
    });
  }

  Heard heard;
  Reactor reactor;
  Client client;
  Handle handle;
};

}  // namespace carillon::net::test
