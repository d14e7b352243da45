// What the transports of one reactor count. Plain numbers: read by a task on that reactor.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "net/probe.hpp"
#include "protocol/http2/error.hpp"
#include "transport/common/limit.hpp"

namespace carillon::transport {

enum class TransportKind : std::uint8_t { Http, LongPoll, Sse, WebSocket, SocketIo };
inline constexpr std::size_t kTransportKindCount = 5;
inline constexpr std::array<std::string_view, kTransportKindCount> kTransportNames = {
    "http", "longpoll", "sse", "websocket", "socketio"};

struct Probe {
  /// Open now. Http counts connections that carry none of the others at the moment; SocketIo
  /// counts sessions, whose WebSockets are counted as such besides.
  std::array<std::int64_t, kTransportKindCount> open{};
  std::array<std::uint64_t, kTransportKindCount> opened{};
  std::uint64_t requests = 0;
  std::array<std::uint64_t, 6> responses{};  // by the status' first digit
  std::uint64_t parse_errors = 0;
  std::uint64_t protocol_errors = 0;  // of WebSockets
  std::uint64_t timeouts = 0;         // header, body, idle, pong
  std::uint64_t refused_hosts = 0;
  std::uint64_t refused_origins = 0;
  std::uint64_t refused_proxies = 0;
  std::uint64_t proxy_headers = 0;  // of the PROXY protocol, taken
  std::uint64_t untrusted_forwarders = 0;
  std::uint64_t bad_proxy_headers = 0;
  std::uint64_t late_proxy_headers = 0;
  std::uint64_t refused_tokens = 0;
  std::uint64_t failed_verifications = 0;  // of tokens, by the application that embeds us
  std::uint64_t refused_by_schema = 0;
  std::uint64_t allowed_connects = 0;  // by the application, where it is asked
  std::uint64_t refused_connects = 0;
  std::uint64_t failed_connects = 0;  // for want of an answer that counts
  std::uint64_t fetched_keys = 0;     // sets of them, by reactor 0
  std::uint64_t failed_key_fetches = 0;
  net::DurationHistogram connect_time;  // of its answers, and of waiting for one in vain
  std::array<std::uint64_t, kLimitCount> limit_hits{};  // by Limit
  std::uint64_t commands = 0;
  std::uint64_t command_errors = 0;
  std::uint64_t slow_readers = 0;  // disconnected over their outbox limit
  std::uint64_t aborted_exchanges = 0;
  // Of the application, to be tried again by it.
  std::uint64_t refused_sends = 0;   // to a client that does not take what it is sent
  std::uint64_t refused_posts = 0;   // from other threads, to a reactor that is behind
  std::uint64_t refused_rounds = 0;  // questions to all reactors, over kMostRounds
  std::uint64_t refused_revocations = 0;

  // HTTP/2.
  std::int64_t http2_connections = 0;  // open now
  std::int64_t http2_streams = 0;
  std::uint64_t http2_connections_opened = 0;
  std::array<std::uint64_t, http2::kConnectionErrorCount> http2_errors{};  // by ConnectionError
  std::uint64_t http2_websockets = 0;                                      // RFC 8441
  std::uint64_t refused_bodies = 0;   // too many at once on one connection
  std::uint64_t stalled_streams = 0;  // their answer was not taken in time

  void responded(int status) {
    ++responses[static_cast<std::size_t>(std::clamp(status / 100, 1, 5))];
  }
  std::int64_t& open_of(TransportKind kind) { return open[static_cast<std::size_t>(kind)]; }
};

/// Counts one open endpoint for as long as it lives.
class OpenCount {
 public:
  OpenCount(Probe& probe, TransportKind kind) : probe_(probe), kind_(kind) {
    ++probe_.open_of(kind_);
    ++probe_.opened[static_cast<std::size_t>(kind_)];
  }
  OpenCount(const OpenCount&) = delete;
  OpenCount& operator=(const OpenCount&) = delete;
  ~OpenCount() { --probe_.open_of(kind_); }

 private:
  Probe& probe_;
  TransportKind kind_;
};

}  // namespace carillon::transport
