#include "client/websocket_link.hpp"

#include <fmt/format.h>

#include <array>
#include <bit>
#include <chrono>
#include <utility>
#include <variant>
#include <vector>

#include "core/random.hpp"
#include "protocol/websocket/client_handshake.hpp"
#include "protocol/websocket/error.hpp"
#include "protocol/websocket/frame.hpp"

namespace carillon::client {
namespace {

constexpr std::size_t kNonceBytes = 16;  // RFC 6455 §4.1

std::string fresh_key() {
  const std::string nonce = random_octets(kNonceBytes);
  return websocket::client_key(std::span<const char, kNonceBytes>(nonce));
}

websocket::MaskKey fresh_mask() {
  return std::bit_cast<std::array<websocket::MaskKey, 2>>(random_u64()).front();
}

}  // namespace

WebSocketLink::WebSocketLink(net::Reactor& reactor, const ClientOptions& options,
                             WebSocketListener& listener)
    : options_(options),
      listener_(listener),
      link_(reactor, *this),
      parser_(limits_),
      receiver_(websocket::Role::Client, {.max_message_bytes = limits::kMessageBytes}),
      keepalive_(reactor.now()) {}

void WebSocketLink::open(Bytes target) {
  target_ = options_.server.target(target);
  link_.open(options_);
}

void WebSocketLink::send_text(Bytes text) {
  if (state_ == State::Open) send_frame(websocket::Opcode::Text, text);
}

void WebSocketLink::close() {
  if (state_ == State::Open && close_handshake_.send()) {
    send_frame(websocket::Opcode::Close,
               websocket::close_payload(websocket::CloseCode::Normal, {}));
  }
  state_ = State::Over;
  link_.close();
}

void WebSocketLink::send_frame(websocket::Opcode opcode, Bytes payload) {
  link_.send(websocket::client_frame(opcode, payload, fresh_mask()));
}

// --- The link -----------------------------------------------------------------------------------

void WebSocketLink::on_link_open() {
  key_ = fresh_key();
  const std::string host = options_.server.authority();
  const std::string authorization = "Bearer " + options_.token;
  std::vector<websocket::Field> fields{{.name = "User-Agent", .value = "carillon"}};
  if (!options_.token.empty()) fields.push_back({.name = "Authorization", .value = authorization});
  link_.send(
      websocket::request_head({.host = host, .target = target_, .key = key_, .fields = fields}));
  parser_.expect("GET");
  state_ = State::Handshake;
  wait_for_life();
}

void WebSocketLink::on_link_bytes(std::span<char> received) {
  wait_for_life();
  if (state_ == State::Handshake) return read_answer(received);
  if (state_ == State::Refusing) return read_refusal({received.data(), received.size()});
  if (state_ == State::Open) read_frames(received);
}

void WebSocketLink::on_link_end() {
  if (state_ == State::Refusing) return end_refusal();
  fail({.kind = FailureKind::Lost, .text = "the server ended the connection"});
}

void WebSocketLink::on_link_failed(const Failure& failure) {
  fail(failure);
}

/// Half of the time that silence is allowed passes before a ping, the other half after it.
websocket::KeepaliveLimits WebSocketLink::patience() const {
  return {.ping_interval = options_.silence / 2, .pong_timeout = options_.silence / 2};
}

void WebSocketLink::wait_for_life() {
  keepalive_.on_received(link_.reactor().now());
  link_.set_deadline(keepalive_.deadline(patience()));
}

void WebSocketLink::on_link_deadline() {
  const TimePoint now = link_.reactor().now();
  const auto action = keepalive_.on_time(now, patience());
  if (action == websocket::KeepaliveAction::GiveUp) {
    using std::chrono::seconds;
    return fail(
        {.kind = FailureKind::Silent,
         .text = fmt::format("{} has been silent for {} s", options_.server.to_text(),
                             std::chrono::duration_cast<seconds>(options_.silence).count())});
  }
  const bool asks = action == websocket::KeepaliveAction::SendPing && state_ == State::Open;
  if (asks) send_frame(websocket::Opcode::Ping, {});
  link_.set_deadline(keepalive_.deadline(patience()));
}

// --- The handshake ------------------------------------------------------------------------------

void WebSocketLink::read_answer(std::span<char> received) {
  Bytes input(received.data(), received.size());
  auto event = parser_.poll(input);
  if (!event) {
    return fail({.kind = FailureKind::NotOurs,
                 .text = fmt::format("{} does not answer in HTTP/1.1 ({})",
                                     options_.server.to_text(), http1::explain(event.error()))});
  }
  if (*event) on_head(received.last(input.size()));
}

void WebSocketLink::on_head(std::span<char> rest) {
  http1::ResponseHead head = parser_.take_head();
  answer_ = {.status = head.status, .fields = std::move(head.fields)};
  if (answer_.status != 101) {
    parser_.limit_body(limits::kProblemBytes);
    state_ = State::Refusing;
    return read_refusal({rest.data(), rest.size()});
  }
  websocket::Answer answer{.status = answer_.status, .fields = {}};
  for (std::size_t i = 0; i < answer_.fields.size(); ++i) {
    answer.fields.add(answer_.fields.at(i).name, answer_.fields.at(i).value);
  }
  if (!websocket::check_answer(answer, {.host = {}, .target = {}, .key = key_})) {
    return fail({.kind = FailureKind::NotOurs,
                 .remedy = Remedy::None,
                 .text = "the WebSocket handshake was answered wrongly"});
  }
  state_ = State::Open;
  listener_.on_socket_open();
  if (state_ == State::Open) read_frames(rest);
}

void WebSocketLink::read_refusal(Bytes input) {
  while (true) {
    const auto event = parser_.poll(input);
    const bool is_over =
        !event || (*event && std::holds_alternative<http1::MessageComplete>(**event));
    if (is_over) return end_refusal();
    if (!*event) return;
    if (const auto* piece = std::get_if<http1::BodyPiece>(&**event)) {
      // The parser bounds a body whose length only its end tells; this bounds all others.
      answer_.body.append(piece->bytes.substr(0, limits::kProblemBytes - answer_.body.size()));
    }
  }
}

void WebSocketLink::end_refusal() {
  fail(refusal(answer_, link_.reactor().wall_clock()));
}

// --- Frames -------------------------------------------------------------------------------------

void WebSocketLink::read_frames(std::span<char> input) {
  while (state_ == State::Open) {
    auto event = receiver_.next(input);
    if (!event) {
      const bool is_large = event.error() == websocket::ProtocolError::MessageTooBig;
      return fail(
          {.kind = is_large ? FailureKind::TooLarge : FailureKind::NotOurs,
           .remedy = is_large ? Remedy::None : Remedy::Retry,
           .text = is_large ? fmt::format("a message of more than {} bytes", limits::kMessageBytes)
                            : "the server broke the WebSocket protocol"});
    }
    if (!*event) return;
    on_event(**event);
  }
}

void WebSocketLink::on_event(const websocket::Event& event) {
  if (const auto* close = std::get_if<websocket::Close>(&event)) return on_close(*close);
  if (const auto* ping = std::get_if<websocket::Ping>(&event)) {
    if (link_.outbox_bytes() > limits::kOutboxBytes) {
      return fail({.kind = FailureKind::Lost, .text = "the server pings and takes no answer"});
    }
    return send_frame(websocket::Opcode::Pong, ping->payload);
  }
  const auto* message = std::get_if<websocket::Message>(&event);
  if (message != nullptr && message->opcode == websocket::Opcode::Text) {
    listener_.on_socket_text(message->payload);
  }
}

void WebSocketLink::on_close(const websocket::Close& close) {
  if (close_handshake_.receive() && close_handshake_.send()) {
    send_frame(websocket::Opcode::Close, websocket::close_payload(close.code, {}));
  }
  const auto number = static_cast<unsigned>(close.code);
  fail({.kind = FailureKind::Lost,
        .text = fmt::format("the server closed the WebSocket with {}{}{}", number,
                            close.reason.empty() ? "" : ": ", close.reason)});
}

void WebSocketLink::fail(Failure failure) {
  if (state_ == State::Over) return;
  state_ = State::Over;
  link_.close();
  listener_.on_socket_failed(failure);
}

}  // namespace carillon::client
