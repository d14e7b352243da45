#include "transport/socketio/engine_server.hpp"

#include <fmt/format.h>

#include <chrono>
#include <stdexcept>
#include <string>
#include <utility>

#include "access/forwarded.hpp"
#include "net/reactor.hpp"
#include "transport/common/after_flush.hpp"
#include "transport/common/problem.hpp"
#include "transport/socketio/engine_request.hpp"
#include "transport/websocket/upgrade.hpp"

namespace carillon::transport {
namespace {

using engineio::DataKind;
using engineio::Refusal;
using engineio::Transport;

constexpr Bytes kBinaryType = "application/octet-stream";

/// Engine.IO has heartbeats of its own: a ping below them would be one too many.
constexpr Duration kNeverPing = std::chrono::hours(24 * 365);

WebSocketSettings websocket_settings(const EngineOptions& options) {
  WebSocketSettings settings;
  settings.message_bytes = options.max_payload_bytes;
  settings.outbox_bytes = options.outbox_bytes;
  settings.keepalive.ping_interval = kNeverPing;
  return settings;
}

void refuse(Exchange& exchange, Refusal refusal, const EngineOptions& options) {
  if (asks_for_websocket(exchange.request())) return refuse_upgrade(exchange, refusal);
  give_answer(exchange, refusal_answer(refusal), EngineAnswerTo::Handshake, options);
}

/// In the form of a request that passes reactors.
void pass_on_post(EngineSessions& home, const EngineSessionId& id, const ExchangePlace& place,
                  Bytes payload, Bytes media_type) {
  EngineSession* const session = home.find(id);
  if (session == nullptr) return home.answer(place, refusal_answer(Refusal::UnknownSession));
  session->on_post(place, payload, media_type == kBinaryType ? DataKind::Binary : DataKind::Text);
}

void pass_on_poll(EngineSessions& home, const EngineSessionId& id, const ExchangePlace& place) {
  EngineSession* const session = home.find(id);
  if (session == nullptr) return home.answer(place, refusal_answer(Refusal::UnknownSession));
  session->on_poll(place);
}

/// The connection goes to the reactor of its session, once nothing waits to be sent, as what TLS
/// says by itself may. One that cannot, since others share it, is refused: the client stays with
/// polling.
void move_websocket(EngineSessions& here, Handle waiting, const EngineSessionId& id,
                    ResponseHead head) {
  after_flush(here.worker().reactor(), [&here, waiting, id, head = std::move(head)]() mutable {
    Exchange* const exchange = here.worker().find(waiting);
    if (exchange == nullptr) return;
    auto handover = exchange->hand_over(std::move(head));
    if (!handover) return refuse_upgrade(*exchange, Refusal::BadRequest);
    // Where that reactor is behind, the connection is closed, and the client stays with polling.
    [[maybe_unused]] const bool passed =
        here.ask(id.reactor, [id, arrival = *std::move(handover)](EngineSessions& home) mutable {
          home.take_in(id, std::move(arrival));
        });
  });
}

}  // namespace

EngineServer::EngineServer(EngineOptions options, EngineOpening opening, const Workers& workers)
    : options_(std::move(options)),
      opening_(std::move(opening)),
      websocket_(websocket_settings(options_)) {
  for (Worker* const worker : workers) {
    all_.push_back(std::make_unique<EngineSessions>(*worker, options_, websocket_, all_));
  }
}

/// The path is the user's: others may be there already.
void EngineServer::add_route(Router& router, Bytes method, Bytes path, const Route& route) {
  auto added = router.try_add(method, path, route);
  if (!added) throw std::runtime_error("the path of Socket.IO: " + std::move(added).error());
}

void EngineServer::add_routes(Router& router, Bytes path) {
  const Route route{
      .handler = [this](Worker& worker, Exchange& exchange) { serve(worker, exchange); },
      .body_limit_bytes = options_.max_payload_bytes,
      .kind = options_.origins,
      .takes_upgrades = true};
  std::string bare(path);
  if (bare.size() > 1 && bare.ends_with('/')) bare.pop_back();
  const std::string slashed = bare.ends_with('/') ? bare : bare + "/";
  // Whatever the method: what is wrong is told in Engine.IO's own words.
  for (const Bytes method : {"GET", "POST", "PUT", "DELETE", "PATCH"}) {
    add_route(router, method, slashed, route);
    if (bare != slashed) add_route(router, method, bare, route);
  }
}

void EngineServer::serve(Worker& worker, Exchange& exchange) {
  EngineSessions& here = sessions(worker);
  const auto asked = judge_engine_request(exchange.request(), options_);
  if (!asked) return refuse(exchange, asked.error(), options_);
  if (asked->session_id) {
    const auto id = parse_session_id(*asked->session_id);
    const bool is_known = id && id->reactor < all_.size();
    if (!is_known) return refuse(exchange, Refusal::UnknownSession, options_);
    return serve_session(here, exchange, *id);
  }
  opening_(worker, exchange,
           [this, transport = asked->transport, dialect = asked->dialect](
               Worker& at, Exchange& admitted, MakeEngineApplication make) {
             if (transport == Transport::Polling) {
               return open_polling(sessions(at), admitted, dialect, std::move(make));
             }
             open_websocket(sessions(at), admitted, dialect, std::move(make));
           });
}

// --- New sessions -------------------------------------------------------------------------------

void EngineServer::open_polling(EngineSessions& here, Exchange& exchange,
                                const engineio::Dialect& dialect, MakeEngineApplication make) {
  EngineSession& session = here.make(Transport::Polling, dialect);
  EngineAnswer answer = payload_answer(session.open_packet(), dialect);
  Response response = make_response(answer.status, answer.media_type, answer.body);
  response.add("Cache-Control", "no-store");
  add_cookie(exchange.request(), session, response.head);
  if (options_.add_fields) {
    options_.add_fields(exchange.request(), EngineAnswerTo::Handshake, response.head);
  }
  exchange.respond(std::move(response));
  session.open(make(session));
}

void EngineServer::open_websocket(EngineSessions& here, Exchange& exchange,
                                  const engineio::Dialect& dialect, MakeEngineApplication make) {
  auto accept = judge_upgrade(exchange.request(), {}, std::nullopt);
  if (!accept) return exchange.respond(std::move(accept.error()));
  EngineSession& session = here.make(Transport::WebSocket, dialect);
  ResponseHead head = switching_head(*accept);
  add_cookie(exchange.request(), session, head);
  if (options_.add_fields) {
    options_.add_fields(exchange.request(), EngineAnswerTo::Handshake, head);
  }
  auto owned = std::make_unique<EngineSocket>(here.worker(), websocket_, &session);
  EngineSocket& socket = *owned;
  session.use(socket);
  auto& stream = exchange.take_over(std::move(head), std::move(owned));
  socket.open(stream);
  socket.send_text(session.open_packet());
  session.open(make(session));
}

/// Source: the defaults of Engine.IO's option `cookie`.
void EngineServer::add_cookie(const Request& request, const EngineSession& session,
                              ResponseHead& head) const {
  if (options_.cookie.empty()) return;
  const bool is_secure = request.requester.scheme == access::Scheme::Https;
  head.fields.add("Set-Cookie",
                  fmt::format("{}={}; Path=/; HttpOnly; SameSite=Lax{}", options_.cookie,
                              session.id(), is_secure ? "; Secure" : ""));
}

// --- Requests of sessions -----------------------------------------------------------------------

void EngineServer::serve_session(EngineSessions& here, Exchange& exchange,
                                 const EngineSessionId& id) {
  const Request& request = exchange.request();
  if (asks_for_websocket(request)) return join_websocket(here, exchange, id);
  const ExchangePlace place{.reactor = here.reactor(), .exchange = exchange.handle()};
  const bool is_here = id.reactor == here.reactor();
  const bool is_poll = request.method == "GET";
  if (request.parameter("transport") != "polling" || !(is_poll || request.method == "POST")) {
    return refuse(exchange, Refusal::BadRequest, options_);
  }
  bool passed = true;
  if (is_poll) {
    exchange.attach(std::make_unique<WaitingPoll>(here, id, place.exchange));
    if (is_here) return pass_on_poll(here, id, place);
    passed =
        here.ask(id.reactor, [id, place](EngineSessions& home) { pass_on_poll(home, id, place); });
  } else {
    const Bytes media_type = request.field("content-type").value_or("");
    if (is_here) return pass_on_post(here, id, place, request.body, media_type);
    passed = here.ask(id.reactor,
                      [id, place, body = request.body, type = std::string(media_type)](
                          EngineSessions& home) { pass_on_post(home, id, place, body, type); });
  }
  if (passed) return;
  exchange.respond(
      problem_response({.code = native::ProblemCode::Unavailable,
                        .detail = "the reactor of this session is behind: ask again"}));
}

void EngineServer::join_websocket(EngineSessions& here, Exchange& exchange,
                                  const EngineSessionId& id) {
  const bool is_here = id.reactor == here.reactor();
  EngineSession* const session = is_here ? here.find(id) : nullptr;
  if (is_here && session == nullptr) return refuse_upgrade(exchange, Refusal::UnknownSession);
  auto accept = judge_upgrade(exchange.request(), {}, std::nullopt);
  if (!accept) return exchange.respond(std::move(accept.error()));
  ResponseHead head = switching_head(*accept);
  const EngineOptions& options = here.options();
  if (options.add_fields) {
    options.add_fields(exchange.request(), EngineAnswerTo::Session, head);
  }
  if (!is_here) return move_websocket(here, exchange.handle(), id, std::move(head));
  auto owned = std::make_unique<EngineSocket>(here.worker(), here.websocket(), session);
  EngineSocket& socket = *owned;
  auto& stream = exchange.take_over(std::move(head), std::move(owned));
  socket.open(stream);
  // Clients are told by the end of their WebSocket, not by a status.
  if (!session->begin_probe(socket)) socket.leave();
}

}  // namespace carillon::transport
