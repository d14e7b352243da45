// What an Engine.IO server is told: the channels' own, or one of an application.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

#include "protocol/engineio/session.hpp"
#include "transport/common/request.hpp"
#include "transport/common/response.hpp"
#include "transport/common/router.hpp"

namespace carillon::transport {

/// Whether an answer opens a session, or belongs to one that is open.
enum class EngineAnswerTo : std::uint8_t { Handshake, Session };

struct EngineOptions {
  engineio::SessionTimes times;
  /// Octets of one message of a client and of the body of one POST, which is what clients are told.
  std::uint64_t max_payload_bytes = 1'000'000;
  /// Octets that may wait for one client before it is given up as slow.
  std::size_t outbox_bytes = 1024 * 1024;
  /// Which pages may open sessions.
  RouteKind origins = RouteKind::Stream;
  bool polling = true;
  bool websocket = true;
  /// Whether a session that began with polling may change to a WebSocket.
  bool upgrades = true;
  /// Whether clients of version 3 of the protocol are served (Socket.IO clients before 3.0).
  bool allow_eio3 = false;
  /// Name of a cookie with the session's id, for proxies that keep a client with one server; empty:
  /// none.
  std::string cookie;
  /// Adds fields to an answer; may be empty. Thread: that of the request's reactor.
  std::function<void(const Request&, EngineAnswerTo, ResponseHead&)> add_fields = {};
};

}  // namespace carillon::transport
