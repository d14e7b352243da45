// When the server asks for a sign of life, and when it stops waiting for one.
#pragma once

#include <cstdint>

#include "core/time.hpp"
#include "protocol/engineio/dialect.hpp"

namespace carillon::engineio {

struct HeartbeatTimes {
  /// From the handshake or a pong to the next ping.
  Duration ping_interval = std::chrono::seconds{25};
  /// How long the pong may take.
  Duration ping_timeout = std::chrono::seconds{20};
};

/// One per session; the times are shared and passed in each time. Only a pong proves life, or where
/// clients ask themselves a ping: that is what they reckon with.
/// Source: Engine.IO protocol v4, "Heartbeat"; v3, "ping".
class Heartbeat {
 public:
  enum class Action : std::uint8_t { Wait, SendPing, GiveUp };

  Heartbeat(TimePoint now, Version version) : since_(now), client_asks_(version == Version::V3) {}

  void on_sign_of_life(TimePoint now);
  /// What is due at `now`. `SendPing` is told once and starts the wait for the pong.
  Action on_time(TimePoint now, const HeartbeatTimes& times);
  /// When `on_time` has something to do, if no sign comes before.
  TimePoint deadline(const HeartbeatTimes& times) const;

 private:
  TimePoint since_;  // of the handshake, the last sign, or the ping that waits for one
  bool awaiting_ = false;
  bool client_asks_;
};

}  // namespace carillon::engineio
