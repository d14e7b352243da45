// One HTTP/2 connection: many requests and answers at a time, each an Exchange of its own.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>

#include "core/slot_table.hpp"
#include "net/stream.hpp"
#include "net/timer_wheel.hpp"
#include "protocol/http2/session.hpp"
#include "transport/common/probe.hpp"
#include "transport/common/worker.hpp"
#include "transport/http2/exchange.hpp"
#include "transport/http2/turns.hpp"

namespace carillon::transport {

/// What the streams have to say becomes frames once a tick, in its turn; a slow reader of one
/// stream, or of all, leaves it in the streams' own outboxes.
class Http2Connection final : public net::StreamHandler, private Drainable, private net::TimerNode {
 public:
  Http2Connection(Worker& worker, net::Stream& stream, Http2Turns& turns);
  ~Http2Connection() override;

  void on_bytes(std::span<char> received) override;
  void on_end_of_input() override;
  void on_drained() override { take_turn(); }
  void on_deadline() override;
  void on_closed(net::CloseCause cause) override;

  /// Makes frames of what waits, as much as the socket may hold at a time.
  void take_turn();

  // What its exchanges use.

  Worker& worker() const { return worker_; }
  const net::Stream& stream() const { return stream_; }
  http2::Session& session() { return session_; }
  void want_turn();
  /// Exchange::catch_up() of that stream, outside of every callback.
  void catch_up_soon(http2::StreamId stream);
  /// Room for so much more of request bodies; false, and counted: there is none.
  bool hold(std::size_t bytes);
  void release(std::size_t bytes) { held_bytes_ -= bytes; }
  /// What is open is served, nothing newer is.
  void go_away();

 private:
  /// What is waited for, with a time limit.
  enum class Phase : std::uint8_t { Head, Idle, None };

  void drain(Duration reconnect_after) override;
  void on_time() override;
  void handle_events();
  void on_event(http2::HeadReceived event);
  void on_event(http2::BodyReceived event);
  void on_event(const http2::RequestEnded& event);
  void on_event(const http2::StreamDrained& event);
  void on_event(const http2::StreamEnded& event);
  Http2Exchange* find(http2::StreamId stream);
  void watch_phase();
  void watch_progress();
  bool end_if_over();
  void hang_up();
  void lose_all(net::CloseCause cause);

  Worker& worker_;
  net::Stream& stream_;
  Http2Turns& turns_;
  http2::Session session_;
  std::unordered_map<http2::StreamId, std::unique_ptr<Http2Exchange>> exchanges_;
  std::size_t held_bytes_ = 0;
  Handle drainable_;
  OpenCount open_;
  std::optional<Phase> phase_;
  bool waits_for_turn_ = false;
  bool going_away_ = false;
};

}  // namespace carillon::transport
