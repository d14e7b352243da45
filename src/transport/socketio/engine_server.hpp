// An Engine.IO server: a path whose requests open sessions and belong to them, on all reactors.
#pragma once

#include <functional>
#include <memory>

#include "core/bytes.hpp"
#include "net/reactor.hpp"
#include "transport/common/exchange.hpp"
#include "transport/common/router.hpp"
#include "transport/common/settings.hpp"
#include "transport/common/worker.hpp"
#include "transport/socketio/engine_application.hpp"
#include "transport/socketio/engine_options.hpp"
#include "transport/socketio/engine_sessions.hpp"

namespace carillon::transport {

/// Makes what speaks over a new session, once the client has been sent the first packet.
using MakeEngineApplication =
    std::move_only_function<std::unique_ptr<EngineApplication>(EngineSession&)>;
/// Opens the session that a request has asked for.
using AdmitEngine = std::move_only_function<void(Worker&, Exchange&, MakeEngineApplication)>;
/// Judges a request that asks for a session: calls `admit` within the call or later on the same
/// reactor, or answers the request itself.
/// Thread: any reactor's.
using EngineOpening = std::function<void(Worker&, Exchange&, AdmitEngine)>;

/// Lifetime: outlives the reactors' connections, and goes before the workers.
class EngineServer {
 public:
  EngineServer(EngineOptions options, EngineOpening opening, const Workers& workers);
  EngineServer(const EngineServer&) = delete;
  EngineServer& operator=(const EngineServer&) = delete;

  /// Serves the path, with and without a slash at its end; before the reactors run.
  void add_routes(Router& router, Bytes path);
  /// Thread: that of the worker's reactor, or before it runs.
  EngineSessions& sessions(Worker& worker) { return *all_[worker.reactor().index()]; }

 private:
  static void add_route(Router& router, Bytes method, Bytes path, const Route& route);
  void serve(Worker& worker, Exchange& exchange);
  void serve_session(EngineSessions& here, Exchange& exchange, const EngineSessionId& id);
  void open_polling(EngineSessions& here, Exchange& exchange, const engineio::Dialect& dialect,
                    MakeEngineApplication make);
  void open_websocket(EngineSessions& here, Exchange& exchange, const engineio::Dialect& dialect,
                      MakeEngineApplication make);
  static void join_websocket(EngineSessions& here, Exchange& exchange, const EngineSessionId& id);
  void add_cookie(const Request& request, const EngineSession& session, ResponseHead& head) const;

  const EngineOptions options_;
  const EngineOpening opening_;
  const WebSocketSettings websocket_;
  EngineSessionsByReactor all_;
};

}  // namespace carillon::transport
