// What a protocol speaks through that takes over after a handshake: a stream of its own socket, or
// one among the many streams of an HTTP/2 connection.
#pragma once

#include <cstddef>
#include <optional>

#include "core/bytes.hpp"
#include "core/shared_bytes.hpp"
#include "core/time.hpp"
#include "net/timer_wheel.hpp"

namespace carillon::net {

/// Octets both ways, in order; its StreamHandler hears what comes. `Stream` says what each call
/// means.
/// Thread:   its reactor's.
/// Lifetime: a reference is good until the end of the tick in which it ends. After `close()` and
///           `abort()` every call is quiet.
/// Its one deadline is its own node among the timers: a connection has no other.
class ByteStream : protected TimerNode {
 public:
  virtual bool open() const = 0;

  virtual void send(SharedBytes segment) = 0;
  virtual void send(Bytes piece) = 0;
  virtual std::size_t outbox_bytes() const = 0;
  virtual bool congested() const = 0;

  virtual void pause_reading() = 0;
  virtual void resume_reading() = 0;
  virtual bool reading_paused() const = 0;

  virtual void set_deadline(std::optional<TimePoint> deadline) = 0;

  virtual void close() = 0;
  virtual void abort() = 0;

 protected:
  ~ByteStream() = default;
};

}  // namespace carillon::net
