// What a request of Engine.IO's asks for, and what is wrong with it.
#pragma once

#include <optional>

#include "core/result.hpp"
#include "protocol/engineio/dialect.hpp"
#include "protocol/engineio/open_packet.hpp"
#include "protocol/engineio/refusal.hpp"
#include "transport/common/request.hpp"
#include "transport/socketio/engine_options.hpp"

namespace carillon::transport {

/// Whether the request is to become a WebSocket.
bool asks_for_websocket(const Request& request);

struct EngineRequest {
  engineio::Transport transport = engineio::Transport::Polling;
  /// Empty: it asks for a new session.
  std::optional<Bytes> session_id;
  /// Of a new session.
  engineio::Dialect dialect = {};
};

/// Judges what needs no session to be judged, in the order of Engine.IO's own server.
/// Errors: UnknownTransport, BadHandshakeMethod, BadRequest, UnsupportedVersion.
Result<EngineRequest, engineio::Refusal> judge_engine_request(const Request& request,
                                                              const EngineOptions& options);

}  // namespace carillon::transport
