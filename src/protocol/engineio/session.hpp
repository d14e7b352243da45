// What one session of a client has to do next: packets and a time in, what to do out.
#pragma once

#include <cstdint>
#include <optional>

#include "core/time.hpp"
#include "protocol/engineio/close_reason.hpp"
#include "protocol/engineio/heartbeat.hpp"
#include "protocol/engineio/open_packet.hpp"
#include "protocol/engineio/packet.hpp"

namespace carillon::engineio {

struct SessionTimes {
  HeartbeatTimes heartbeat;
  /// How long a second transport may take from its opening to the upgrade.
  Duration upgrade = std::chrono::seconds{10};
};

/// The server's side of one session, from the handshake to the first step that says `Close`; what
/// waits to be sent is its owner's. A session that began with polling may upgrade once: another
/// transport opens and is probed while packets go on over the first, and then takes over.
/// Source: Engine.IO protocol v4, "Heartbeat", "Upgrade".
class Session {
 public:
  Session(Transport transport, TimePoint now, Version version = Version::V4)
      : heartbeat_(now, version), transport_(transport), version_(version) {}

  Transport transport() const { return transport_; }

  enum class Step : std::uint8_t {
    None,
    Deliver,  // the packet is a message for the application
    Answer,   // by a pong packet that says the same
    Close,    // for `close_reason()`
  };
  /// A packet over the transport in use.
  Step on_packet(const Packet& packet, TimePoint now);
  /// What should have been a packet was none.
  Step on_bad_packet() { return close(CloseReason::ParseError); }
  CloseReason close_reason() const { return close_reason_; }

  /// A WebSocket of the session has opened beside polling. False: it is one too many.
  [[nodiscard]] bool begin_probe(TimePoint now);
  void end_probe() { probe_ = Probe::None; }

  enum class ProbeStep : std::uint8_t {
    Answer,   // by a pong packet with `kProbe`; polls are released from now on
    Upgrade,  // from here on packets go over the WebSocket, those that wait first
    Drop,     // close that transport; the session goes on without it
  };
  /// A packet over the second transport.
  ProbeStep on_probe_packet(const Packet& packet, TimePoint now);

  /// When a poll that waits is to be answered with a noop, so that the client can change
  /// transports: at once for the first, then at a pace, since clients that go on polling must not
  /// spin. Empty: it may wait.
  std::optional<TimePoint> poll_release_due() const;
  void on_poll_released(TimePoint now);

  enum class TimeStep : std::uint8_t { Wait, SendPing, DropProbe, Close };
  /// What is due at `now`; to be asked again until it says `Wait`.
  TimeStep on_time(TimePoint now, const SessionTimes& times);
  /// When it should be asked, if nothing comes before.
  TimePoint deadline(const SessionTimes& times) const;

 private:
  enum class Probe : std::uint8_t { None, Opened, Answered };

  Step close(CloseReason reason);
  Step on_sign_of_life(Version expected, Step step, TimePoint now);

  Heartbeat heartbeat_;
  TimePoint probe_began_;
  TimePoint release_due_;  // of a poll, once the probe is answered
  Transport transport_;
  Version version_;
  Probe probe_ = Probe::None;
  CloseReason close_reason_ = CloseReason::ForcedClose;
};

}  // namespace carillon::engineio
