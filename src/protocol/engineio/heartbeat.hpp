// When the server asks for a sign of life, and when it stops waiting for it.
#pragma once

#include <cstdint>

#include "core/time.hpp"

namespace carillon::engineio {

struct HeartbeatTimes {
  /// From the handshake or a pong to the next ping.
  Duration ping_interval = std::chrono::seconds{25};
  /// How long the pong may take.
  Duration ping_timeout = std::chrono::seconds{20};
};

/// One per session; the times are shared and passed in each time. Only a pong proves life: that is
/// what clients reckon with.
/// Source: Engine.IO protocol v4, "Heartbeat".
class Heartbeat {
 public:
  enum class Action : std::uint8_t { Wait, SendPing, GiveUp };

  explicit Heartbeat(TimePoint now) : since_(now) {}

  void on_pong(TimePoint now);
  /// What is due at `now`. `SendPing` is told once and starts the wait for the pong.
  Action on_time(TimePoint now, const HeartbeatTimes& times);
  /// When `on_time` has something to do, if no pong comes before.
  TimePoint deadline(const HeartbeatTimes& times) const;

 private:
  TimePoint since_;  // of the handshake, the last pong, or the ping that waits for one
  bool awaiting_ = false;
};

}  // namespace carillon::engineio
