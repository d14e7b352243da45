// What speaks over an Engine.IO session: Socket.IO to channels, or an application's own.
#pragma once

#include "core/bytes.hpp"
#include "core/time.hpp"
#include "protocol/engineio/close_reason.hpp"
#include "protocol/engineio/heartbeat.hpp"
#include "protocol/engineio/packet.hpp"
#include "transport/common/endpoint.hpp"

namespace carillon::transport {

/// One per session. Each call may do anything with the session, `close()` included.
/// Lifetime: owned by its session, and destroyed with it after the tick in which that closed.
/// Thread:   the session's reactor's.
class EngineApplication {
 public:
  virtual ~EngineApplication() = default;
  /// The session is open: from here on it takes messages.
  virtual void on_open() {}
  /// A message of the client; lent for the call.
  virtual void on_message(engineio::DataKind kind, Bytes data) = 0;
  /// A congested session takes more again.
  virtual void on_writable() = 0;
  /// The client takes less than it is sent: say goodbye, and close.
  virtual void on_slow() = 0;
  /// The server stops: tell the client to come back after so long, and close.
  virtual void on_drain(Duration reconnect_after) = 0;
  /// The client has said goodbye; before on_closed().
  virtual void on_goodbye() {}
  /// The session has ended, whoever ended it; once, and nothing follows.
  virtual void on_closed(engineio::CloseReason reason) = 0;
  /// False: messages of a WebSocket wait, until EngineSession::resume().
  virtual bool has_room() const { return true; }
  /// How soon silence must show, of a client that the server asks for signs of life. After a
  /// change: EngineSession::watch_client().
  virtual engineio::HeartbeatTimes heartbeat(const engineio::HeartbeatTimes& usual) const {
    return usual;
  }
  /// What back ends have a say in; null: nothing.
  virtual Endpoint* endpoint() { return nullptr; }
};

}  // namespace carillon::transport
