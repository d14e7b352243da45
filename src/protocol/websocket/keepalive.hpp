// When to ask a silent peer for a sign of life, and when to stop waiting for it.
#pragma once

#include <cstdint>

#include "core/time.hpp"

namespace carillon::websocket {

struct KeepaliveLimits {
  /// Silence after which a ping is sent. Proxies commonly drop what is silent for 60 s.
  Duration ping_interval = std::chrono::seconds{25};
  /// How long the pong, or anything else, may take after that.
  Duration pong_timeout = std::chrono::seconds{20};
};

enum class KeepaliveAction : std::uint8_t { Wait, SendPing, GiveUp };

/// One per connection; the limits are shared and passed in each time.
/// Whatever arrives proves life, not only a pong: a peer busy sending a long message answers
/// a ping late.
class Keepalive {
 public:
  explicit Keepalive(TimePoint now) : since_(now) {}

  /// Octets have arrived.
  void on_received(TimePoint now);
  /// What is due at `now`. `SendPing` is told once per silence and starts the wait for an answer.
  KeepaliveAction on_time(TimePoint now, const KeepaliveLimits& limits);
  /// When `on_time` should be called next, if nothing arrives before.
  TimePoint deadline(const KeepaliveLimits& limits) const;

 private:
  TimePoint since_;  // of the last sign of life, or of the ping that waits for one
  bool awaiting_ = false;
};

static_assert(sizeof(Keepalive) <= 16, "one per connection");

}  // namespace carillon::websocket
