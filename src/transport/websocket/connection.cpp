#include "transport/websocket/connection.hpp"

#include <algorithm>
#include <utility>
#include <variant>
#include <vector>

#include "hub/limits.hpp"
#include "net/reactor.hpp"
#include "transport/common/after_flush.hpp"

namespace carillon::transport {
namespace {

/// What a connection may inflate in a row, in bytes: a peer who compresses well must not take
/// more of its reactor's time than others.
constexpr std::uint64_t kTurnInflatedBytes = 1024 * 1024;

}  // namespace

WebSocketConnection::WebSocketConnection(Worker& worker, const WebSocketSettings& settings,
                                         const std::optional<websocket::DeflateAgreement>& deflate)
    : worker_(worker),
      settings_(settings),
      receiver_(websocket::Role::Server, {.max_message_bytes = settings.message_bytes},
                deflate ? websocket::kReservedBit1 : websocket::kNoReservedBits),
      keepalive_(worker.reactor().now()),
      handle_(worker.drainables().insert(this)),
      open_count_(worker.probe(), TransportKind::WebSocket) {
  if (deflate) {
    deflate_ =
        std::make_unique<websocket::MessageDeflate>(deflate->parameters, worker.deflate_pool());
  }
}

WebSocketConnection::~WebSocketConnection() {
  worker_.drainables().erase(handle_);
}

void WebSocketConnection::begin(net::ByteStream& stream) {
  stream_ = &stream;
  watch_peer();
}

// --- What the peer sends ----------------------------------------------------------------------

void WebSocketConnection::on_bytes(std::span<char> received) {
  on_sign_of_life();
  if (unread_.empty()) return take(received);
  unread_.append(received.data(), received.size());
  if (may_take()) take_unread();
}

/// Frame by frame, as long as the peer takes what it gets; the rest is kept, and reading pauses.
void WebSocketConnection::take(std::span<char> input) {
  const std::uint64_t& inflated_bytes = worker_.deflate_pool().counts().received_plain_bytes;
  const std::uint64_t enough = inflated_bytes + kTurnInflatedBytes;
  while (stream_->open() && may_take() && inflated_bytes < enough) {
    auto event = receiver_.next(input);
    if (!event) return on_protocol_error(event.error());
    if (!*event) return;
    on_event(**event);
  }
  if (!stream_->open()) return;
  unread_.assign(input.data(), input.size());
  stream_->pause_reading();
  resume_soon();
}

/// What arrives after our close frame is only looked through for the peer's.
bool WebSocketConnection::may_take() const {
  if (!is_open()) return true;
  return has_room() && !stream_->congested() &&
         stream_->outbox_bytes() <= settings_.outbox_bytes / 2;
}

void WebSocketConnection::take_unread() {
  std::string input = std::exchange(unread_, {});
  take(input);
}

/// Only a congested stream will tell when its outbox is empty, and whether it is one shows in the
/// flush: look again after it.
void WebSocketConnection::resume_soon() {
  if (std::exchange(resuming_, true)) return;
  after_flush(worker_.reactor(), [&worker = worker_, handle = handle_] {
    if (Drainable** found = worker.drainables().find(handle)) {
      auto* connection = static_cast<WebSocketConnection*>(*found);
      connection->resuming_ = false;
      connection->on_flushed();
    }
  });
}

void WebSocketConnection::resume() {
  if (!stream_->open() || (!stream_->reading_paused() && unread_.empty())) return;
  if (is_open() && (stream_->congested() || !has_room())) return;  // it will be told
  if (!may_take()) return resume_soon();
  stream_->resume_reading();
  take_unread();
}

void WebSocketConnection::on_flushed() {
  resume();
  if (!full_ || !is_open()) return;
  full_ = false;
  if (stream_->congested()) return;  // it will be told
  if (stream_->outbox_bytes() <= allowed_bytes() / 2) return on_writable();
  full_ = true;
  resume_soon();
}

void WebSocketConnection::on_sign_of_life() {
  const TimePoint now = worker_.reactor().now();
  keepalive_.on_received(now);
  if (!receiver_.has_partial_input()) partial_since_ = now;
}

void WebSocketConnection::on_event(const websocket::Event& event) {
  if (const auto* close = std::get_if<websocket::Close>(&event)) return on_close(*close);
  if (!is_open()) return;
  if (const auto* ping = std::get_if<websocket::Ping>(&event)) {
    allow_for(ping->payload.size());
    send_frame(websocket::Opcode::Pong, ping->payload);
  } else if (const auto* message = std::get_if<websocket::Message>(&event)) {
    partial_since_ = worker_.reactor().now();  // what follows has begun now at the earliest
    if (!deflate_) return on_message(*message);
    inflate_and_pass(*message);
  }
}

void WebSocketConnection::inflate_and_pass(const websocket::Message& message) {
  std::vector<char> buffer;
  const auto said =
      deflate_->inflate(message, static_cast<std::size_t>(settings_.message_bytes), buffer);
  if (!said) return on_protocol_error(said.error());
  on_message({.opcode = message.opcode, .payload = *said});
}

void WebSocketConnection::on_drained() {
  resume();
  if (is_open()) on_writable();
}

// --- Writing ----------------------------------------------------------------------------------

void WebSocketConnection::send_frame(websocket::Opcode opcode, Bytes payload) {
  stream_->send(
      websocket::EncodedFrameHeader({.opcode = opcode, .mask = {}, .payload_bytes = payload.size()})
          .view());
  stream_->send(payload);
}

void WebSocketConnection::send_message(websocket::Opcode opcode, Bytes payload, Compress compress) {
  if (!deflate_ || compress == Compress::No || payload.size() < settings_.compression.least_bytes) {
    return send_frame(opcode, payload);
  }
  std::string frame;
  deflate_->append_frame(frame, opcode, payload);
  stream_->send(Bytes(frame));
}

void WebSocketConnection::send_shared(const SharedBytes& frames) {
  if (deflate_) deflate_->on_shared_frames();
  stream_->send(frames);
}

void WebSocketConnection::allow_for(std::size_t bytes) {
  asked_bytes_ = std::min(asked_bytes_, stream_->outbox_bytes()) + bytes;
}

/// What the kernel has not been offered yet says nothing of the peer.
void WebSocketConnection::limit_outbox() {
  const std::size_t waiting = stream_->outbox_bytes();
  if (waiting <= allowed_bytes() / 2 || !is_open()) return;
  const std::size_t unoffered = stream_->congested() ? 0 : hub::limits::kPendingBytes;
  if (waiting > allowed_bytes() + unoffered) {
    ++worker_.probe().slow_readers;
    return give_up(GiveUp::Slow);
  }
  if (unoffered == 0) return;
  full_ = true;
  resume_soon();
}

// --- Ends -------------------------------------------------------------------------------------

void WebSocketConnection::on_protocol_error(websocket::ProtocolError error) {
  ++worker_.probe().protocol_errors;
  send_close(websocket::close_code_of(error), websocket::describe(error));
  end(websocket::close_code_of(error), websocket::describe(error));
}

void WebSocketConnection::on_close(const websocket::Close& close) {
  if (is_open()) on_goodbye();
  if (close_handshake_.receive()) send_close(close.code, {});
  end(close.code, close.reason);
}

void WebSocketConnection::on_end_of_input() {
  end(websocket::CloseCode::Abnormal, {});
}

void WebSocketConnection::on_closed(net::CloseCause /*cause*/) {
  end(websocket::CloseCode::Abnormal, {});
}

void WebSocketConnection::end(websocket::CloseCode code, Bytes reason) {
  on_closing();
  stream_->close();
  if (!std::exchange(ended_, true)) on_ended(code, reason);
}

void WebSocketConnection::send_close(websocket::CloseCode code, Bytes reason) {
  if (!close_handshake_.send()) return;
  send_frame(websocket::Opcode::Close, websocket::close_payload(code, reason));
  on_closing();
  stream_->resume_reading();
  if (!unread_.empty()) resume_soon();  // the peer's Close may be among it
  stream_->set_deadline(worker_.reactor().now() + settings_.close_time);
}

// --- Time -------------------------------------------------------------------------------------

void WebSocketConnection::on_deadline() {
  if (!is_open()) return end(websocket::CloseCode::Abnormal, {});
  if (stream_->reading_paused()) {
    // It cannot be heard now. Whether it still reads is for the write limit to see.
    on_sign_of_life();
    return watch_peer();
  }
  if (message_is_late()) {
    ++worker_.probe().timeouts;
    return give_up(GiveUp::Idle);
  }
  switch (keepalive_.on_time(worker_.reactor().now(), keepalive_limits())) {
    case websocket::KeepaliveAction::SendPing:
      if (deflate_) deflate_->release_deflater();
      send_frame(websocket::Opcode::Ping, {});
      break;
    case websocket::KeepaliveAction::GiveUp:
      ++worker_.probe().timeouts;
      return give_up(GiveUp::Idle);
    case websocket::KeepaliveAction::Wait:
      break;
  }
  watch_peer();
}

bool WebSocketConnection::message_is_late() const {
  const Duration limit = settings_.message_time;
  return receiver_.has_partial_input() && worker_.reactor().now() - partial_since_ > limit;
}

void WebSocketConnection::watch_peer() {
  stream_->set_deadline(keepalive_.deadline(keepalive_limits()));
}

}  // namespace carillon::transport
