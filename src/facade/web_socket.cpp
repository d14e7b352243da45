#include "facade/web_socket.hpp"

#include <stdexcept>
#include <utility>

#include "facade/guard.hpp"
#include "facade/opening.hpp"
#include "facade/response.hpp"
#include "transport/common/after_flush.hpp"
#include "transport/common/exchange.hpp"
#include "transport/websocket/upgrade.hpp"

namespace carillon::facade {

ApplicationWebSocket::ApplicationWebSocket(Local& local, const WebSocketRoute& route,
                                           const websocket::Accept& accept, std::any state)
    : WebSocketConnection(local.worker(), route.settings, accept.deflate),
      local_(local),
      route_(route),
      feed_(local, *this),
      subprotocol_(accept.subprotocol.value_or("")),
      state_(std::move(state)) {
  slot_ = local_.table<WebSocket>().insert(this);
}

ApplicationWebSocket::~ApplicationWebSocket() {
  feed_.leave();
  on_ended(websocket::CloseCode::Abnormal, {});  // after abort(), nobody else tells it
  local_.table<WebSocket>().erase(slot_);
}

void ApplicationWebSocket::open(net::ByteStream& stream, const Request& request) {
  begin(stream);
  opened_ = true;
  if (route_.options.on_open) {
    call("on_open", [&] { route_.options.on_open(*this, request); });
  }
  if (worker().draining()) drain(worker().reconnect_after());
}

// --- What the application does ----------------------------------------------------------------

bool ApplicationWebSocket::send(std::string_view data, MessageKind kind) {
  if (!is_open()) return false;
  if (stream().outbox_bytes() > route_.options.max_buffered_bytes) {
    ++worker().probe().refused_sends;
    watch_drain();
    return false;
  }
  allow_for(data.size() + websocket::kMaxFrameHeaderBytes);  // only channels may be too fast
  const auto opcode =
      kind == MessageKind::Text ? websocket::Opcode::Text : websocket::Opcode::Binary;
  send_message(opcode, data, Compress::IfSmaller);
  return true;
}

std::size_t ApplicationWebSocket::buffered_bytes() const {
  const std::size_t bytes = stream().outbox_bytes();
  if (bytes > 0) watch_drain();
  return bytes;
}

void ApplicationWebSocket::close(std::uint16_t code, std::string_view reason) {
  const auto close_code = static_cast<websocket::CloseCode>(code);
  if (!websocket::may_stand_in_frame(close_code)) {
    throw std::invalid_argument("a WebSocket cannot be closed with " + std::to_string(code) +
                                ": 1000-1003, 1007-1014 and 3000-4999 can be sent");
  }
  if (is_open()) send_close(close_code, reason);
}

void ApplicationWebSocket::abort() {
  feed_.leave();
  stream().abort();
}

bool ApplicationWebSocket::subscribe(std::string_view channel) {
  if (!is_open()) return false;
  return feed_.subscribe(
      channel, hub::Live{},
      [this](const std::string&, const Result<hub::Subscribed, hub::BrokerError>& answer) {
        if (!answer) send_close(websocket::CloseCode::TryAgainLater, "the channel is unavailable");
      });
}

// --- What it hears ----------------------------------------------------------------------------

void ApplicationWebSocket::on_message(const websocket::Message& message) {
  if (!route_.options.on_message) return;
  const auto kind =
      message.opcode == websocket::Opcode::Text ? MessageKind::Text : MessageKind::Binary;
  call("on_message",
       [&] { route_.options.on_message(*this, {.data = message.payload, .kind = kind}); });
}

void ApplicationWebSocket::on_writable() {
  feed_.on_drained();
  tell_drained();
}

void ApplicationWebSocket::on_ended(websocket::CloseCode code, Bytes reason) {
  if (!opened_ || std::exchange(ended_, true) || !route_.options.on_close) return;
  const Closing closing{.code = static_cast<std::uint16_t>(code), .reason = reason};
  guarded("on_close", [&] { route_.options.on_close(*this, closing); });
}

void ApplicationWebSocket::give_up(GiveUp why) {
  send_close(websocket::CloseCode::PolicyViolation,
             why == GiveUp::Idle ? "no sign of life" : "too slow");
}

void ApplicationWebSocket::drain(Duration /*reconnect_after*/) {
  send_close(websocket::CloseCode::GoingAway, "the server stops");
}

void ApplicationWebSocket::on_delivery(const hub::Delivery& delivery) {
  delivery.for_each_piece([this](const SharedBytes& piece) { send_shared(piece); });
  limit_outbox();
}

/// There is no word for a gap among the application's own messages.
void ApplicationWebSocket::on_gap(hub::SubscriptionId /*subscription*/,
                                  const Position& /*position*/) {
  send_close(websocket::CloseCode::TryAgainLater, "publications were lost");
}

template <class Call>
void ApplicationWebSocket::call(const char* handler, Call invoke) {
  if (!guarded(handler, invoke)) {
    send_close(websocket::CloseCode::InternalError, "the application failed");
  }
}

// --- on_drain ---------------------------------------------------------------------------------

void ApplicationWebSocket::tell_drained() {
  if (!is_open() || !route_.options.on_drain) return;
  call("on_drain", [this] { route_.options.on_drain(*this); });
}

/// Whoever was refused, or saw that something waits, is told when it does not any more. Only a
/// congested stream tells by itself, and whether it is one shows in the flush.
void ApplicationWebSocket::watch_drain() const {
  if (!route_.options.on_drain || std::exchange(watching_, true)) return;
  transport::after_flush(local_.reactor(), [&local = local_, id = id()] {
    if (WebSocket* found = local.find(id)) static_cast<ApplicationWebSocket*>(found)->on_flush();
  });
}

void ApplicationWebSocket::on_flush() {
  watching_ = false;
  if (!is_open() || stream().congested()) return;
  if (stream().outbox_bytes() > 0) return watch_drain();
  tell_drained();
}

// --- The route --------------------------------------------------------------------------------

void serve_web_socket(Local& local, transport::Exchange& exchange, const WebSocketRoute& route) {
  auto accept = transport::judge_upgrade(exchange.request(), {}, route.settings.compression.policy);
  if (!accept) return exchange.respond(std::move(accept.error()));
  const Request request(exchange.request());
  ApplicationOpening opening(request.subprotocols());
  const auto& on_upgrade = route.options.on_upgrade;
  if (on_upgrade && !guarded("on_upgrade", [&] { on_upgrade(request, opening); })) {
    return exchange.respond(failure_response());
  }
  if (auto refusal = opening.refusal()) return exchange.respond(std::move(*refusal));
  accept->subprotocol = opening.subprotocol();
  transport::ResponseHead head = transport::switching_head(*accept);
  opening.add_fields(head);
  auto handler =
      std::make_unique<ApplicationWebSocket>(local, route, *accept, std::move(opening.state()));
  ApplicationWebSocket& socket = *handler;
  net::ByteStream& stream = exchange.take_over(std::move(head), std::move(handler));
  socket.open(stream, request);
}

}  // namespace carillon::facade
