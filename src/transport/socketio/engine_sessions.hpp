// The Engine.IO sessions of one reactor, and the way to those of the others.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <utility>
#include <vector>

#include "core/slot_table.hpp"
#include "net/task.hpp"
#include "transport/common/settings.hpp"
#include "transport/common/worker.hpp"
#include "transport/socketio/engine_answer.hpp"
#include "transport/socketio/engine_options.hpp"
#include "transport/socketio/engine_session.hpp"
#include "transport/socketio/session_id.hpp"

namespace carillon::transport {

/// By reactor index.
class EngineSessions;
using EngineSessionsByReactor = std::vector<std::unique_ptr<EngineSessions>>;

/// Thread:   its reactor's.
/// Lifetime: outlives the connections of its reactor, and goes before its worker.
class EngineSessions {
 public:
  EngineSessions(Worker& worker, const EngineOptions& options, const WebSocketSettings& websocket,
                 const EngineSessionsByReactor& all)
      : worker_(worker), options_(options), websocket_(websocket), all_(all) {}

  Worker& worker() const { return worker_; }
  const EngineOptions& options() const { return options_; }
  const WebSocketSettings& websocket() const { return websocket_; }
  std::uint16_t reactor() const { return static_cast<std::uint16_t>(worker_.reactor().index()); }

  EngineSession& make(engineio::Transport transport, const engineio::Dialect& dialect);
  /// Null for an id that is not, or no longer, of a session here.
  EngineSession* find(const EngineSessionId& id);
  EngineSession* find(Handle session);
  /// It goes after this tick.
  void retire(Handle session);

  /// A WebSocket that belongs to a session here has come by another reactor.
  void take_in(const EngineSessionId& id, Handover arrival);

  /// Answers an exchange, wherever it waits.
  void answer(const ExchangePlace& place, EngineAnswer answer);

  /// Asks the reactor of a session. False: it is behind, and nothing was asked.
  template <class Ask>
  [[nodiscard]] bool ask(std::size_t reactor, Ask ask) {
    EngineSessions& there = *all_[reactor];
    net::Task task = [&there, ask = std::move(ask)]() mutable { ask(there); };
    if (worker_.reactor().mailbox_to(reactor).try_send(task)) return true;
    worker_.reactor().probe().refused_mail();
    return false;
  }
  /// Tells another reactor what it must hear: sent again where its mailbox is full.
  template <class Tell>
  void tell(std::size_t reactor, Tell tell) {
    EngineSessions& there = *all_[reactor];
    send({.reactor = reactor, .task = [&there, tell = std::move(tell)]() mutable { tell(there); }});
  }

 private:
  struct Letter {
    std::size_t reactor;
    net::Task task;
  };

  void send(Letter letter);
  bool try_send(Letter& letter);
  void send_refused();
  void answer_here(Handle exchange, EngineAnswer answer);

  Worker& worker_;
  const EngineOptions& options_;
  const WebSocketSettings& websocket_;
  const EngineSessionsByReactor& all_;
  SlotTable<std::unique_ptr<EngineSession>> sessions_;
  std::deque<Letter> refused_;  // at most two for each exchange that is open anywhere
  bool sending_ = false;
};

/// What a poll that waits leaves on its exchange: the session hears when its client goes.
class WaitingPoll final : public Responder {
 public:
  WaitingPoll(EngineSessions& sessions, const EngineSessionId& session, Handle exchange)
      : sessions_(sessions), session_(session), exchange_(exchange) {}
  ~WaitingPoll() override;

  void on_answered() { answered_ = true; }
  void on_drained() override {}
  void on_deadline() override {}
  /// The session is told, and answers.
  void on_shutdown(Duration /*reconnect_after*/) override {}

 private:
  EngineSessions& sessions_;
  EngineSessionId session_;
  Handle exchange_;
  bool answered_ = false;
};

}  // namespace carillon::transport
