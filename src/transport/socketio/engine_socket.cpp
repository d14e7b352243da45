#include "transport/socketio/engine_socket.hpp"

#include <utility>

#include "transport/socketio/engine_session.hpp"

namespace carillon::transport {

EngineSocket::EngineSocket(Worker& worker, const WebSocketSettings& settings,
                           EngineSession* session)
    : WebSocketConnection(worker, settings), session_(session) {}

EngineSocket::~EngineSocket() {
  on_closing();
}

void EngineSocket::open(net::ByteStream& stream) {
  begin(stream);
  if (session_ == nullptr) leave();
}

void EngineSocket::leave() {
  session_ = nullptr;
  send_close(websocket::CloseCode::Normal, {});
}

void EngineSocket::send(const engineio::Packet& packet, Cause cause) {
  if (session_ == nullptr) return;
  const engineio::Dialect& dialect = session_->dialect();
  const bool is_binary = packet.kind == engineio::DataKind::Binary && !dialect.text_only;
  if (is_binary && dialect.version == engineio::Version::V4) {
    return send_whole(websocket::Opcode::Binary, packet.data, cause);
  }
  thread_local std::string message;
  message.clear();
  if (is_binary) {
    engineio::append_binary_packet(message, packet.data, dialect.version);
    return send_whole(websocket::Opcode::Binary, message, cause);
  }
  engineio::append_packet(message, packet, dialect.version);
  send_text(message, cause);
}

void EngineSocket::send_text(Bytes text, Cause cause) {
  send_whole(websocket::Opcode::Text, text, cause);
}

void EngineSocket::send_whole(websocket::Opcode opcode, Bytes payload, Cause cause) {
  if (!is_open()) return;
  if (cause == Cause::Asked) allow_for(payload.size());
  send_frame(opcode, payload);
  if (cause == Cause::News) limit_outbox();
}

void EngineSocket::send_frames(const SharedBytes& frames) {
  if (!is_open()) return;
  send_shared(frames);
  limit_outbox();
}

void EngineSocket::on_message(const websocket::Message& message) {
  if (session_ == nullptr) return;
  const engineio::Version version = session_->dialect().version;
  if (message.opcode == websocket::Opcode::Binary) {
    return session_->on_packet(*this, engineio::parse_binary_packet(message.payload, version));
  }
  std::string octets;
  session_->on_packet(*this, engineio::parse_packet(message.payload, octets, version));
}

void EngineSocket::on_writable() {
  if (session_ != nullptr) session_->on_writable();
}

void EngineSocket::give_up(GiveUp why) {
  if (session_ == nullptr) return send_close(websocket::CloseCode::Normal, {});
  if (why == GiveUp::Slow) return session_->on_slow();
  session_->on_socket_closed(*this);
  leave();
}

void EngineSocket::on_goodbye() {
  if (session_ != nullptr) session_->on_goodbye(*this);
}

void EngineSocket::on_closing() {
  if (EngineSession* const session = std::exchange(session_, nullptr)) {
    session->on_socket_closed(*this);
  }
}

bool EngineSocket::has_room() const {
  return session_ == nullptr || session_->has_room_for(*this);
}

/// The session says goodbye.
void EngineSocket::drain(Duration /*reconnect_after*/) {}

}  // namespace carillon::transport
