#include "transport/socketio/engine_sessions.hpp"

#include <utility>

#include "net/reactor.hpp"

namespace carillon::transport {
namespace {

/// How long a letter waits that a full mailbox has refused.
constexpr Duration kRetryTime = std::chrono::milliseconds(10);

}  // namespace

EngineSession& EngineSessions::make(engineio::Transport transport,
                                    const engineio::Dialect& dialect) {
  auto owned = std::make_unique<EngineSession>(*this, transport, dialect);
  EngineSession& session = *owned;
  session.settle(sessions_.insert(std::move(owned)));
  return session;
}

EngineSession* EngineSessions::find(Handle session) {
  auto* const found = sessions_.find(session);
  return found == nullptr ? nullptr : found->get();
}

EngineSession* EngineSessions::find(const EngineSessionId& id) {
  EngineSession* const found = find(id.session);
  return found != nullptr && found->has_secret(id.secret) ? found : nullptr;
}

void EngineSessions::retire(Handle session) {
  auto* const found = sessions_.find(session);
  if (found == nullptr) return;
  worker_.reactor().defer([owned = std::move(*found)] {});
  sessions_.erase(session);
}

// --- Answers ------------------------------------------------------------------------------------

void EngineSessions::answer(const ExchangePlace& place, EngineAnswer answer) {
  if (place.reactor == reactor()) return answer_here(place.exchange, std::move(answer));
  tell(place.reactor,
       [exchange = place.exchange, answer = std::move(answer)](EngineSessions& there) mutable {
         there.answer_here(exchange, std::move(answer));
       });
}

void EngineSessions::answer_here(Handle exchange, EngineAnswer answer) {
  Exchange* const waiting = worker_.find(exchange);
  if (waiting == nullptr) return;  // a poll that went has told so
  if (auto* const poll = static_cast<WaitingPoll*>(waiting->responder())) poll->on_answered();
  give_answer(*waiting, std::move(answer), EngineAnswerTo::Session, options_);
}

WaitingPoll::~WaitingPoll() {
  if (answered_) return;
  const ExchangePlace place{.reactor = sessions_.reactor(), .exchange = exchange_};
  const auto tell = [id = session_, place](EngineSessions& there) {
    if (EngineSession* const session = there.find(id)) session->on_poll_lost(place);
  };
  if (session_.reactor == place.reactor) {
    tell(sessions_);
  } else {
    sessions_.tell(session_.reactor, tell);
  }
}

// --- WebSockets from elsewhere ------------------------------------------------------------------

void EngineSessions::take_in(const EngineSessionId& id, Handover arrival) {
  EngineSession* const session = find(id);
  auto owned = std::make_unique<EngineSocket>(worker_, websocket_, session);
  EngineSocket& socket = *owned;
  net::Stream* const stream =
      worker_.reactor().find(worker_.reactor().adopt(std::move(arrival.stream), std::move(owned)));
  if (stream == nullptr) return;
  if (session == nullptr) {
    stream->send(upgrade_refusal_text(engineio::Refusal::UnknownSession));
    return stream->close();
  }
  stream->send(arrival.answer);
  socket.open(*stream);
  if (!session->begin_probe(socket)) socket.leave();
  if (!arrival.received.empty()) socket.on_bytes(arrival.received);
}

// --- Letters ------------------------------------------------------------------------------------

void EngineSessions::send(Letter letter) {
  if (refused_.empty() && try_send(letter)) return;
  refused_.push_back(std::move(letter));
  if (!std::exchange(sending_, true)) {
    worker_.reactor().after(kRetryTime, [this] { send_refused(); });
  }
}

bool EngineSessions::try_send(Letter& letter) {
  if (worker_.reactor().mailbox_to(letter.reactor).try_send(letter.task)) return true;
  worker_.reactor().probe().refused_mail();
  return false;
}

void EngineSessions::send_refused() {
  sending_ = false;
  std::deque<Letter> letters = std::exchange(refused_, {});
  for (Letter& letter : letters) send(std::move(letter));
}

}  // namespace carillon::transport
