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
  if (packet.kind == engineio::DataKind::Binary) {
    return send_whole(websocket::Opcode::Binary, packet.data, cause);
  }
  thread_local std::string text;
  text.clear();
  engineio::append_packet(text, packet);
  send_text(text, cause);
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
  if (message.opcode == websocket::Opcode::Binary) {
    return session_->on_packet(*this, engineio::Packet{.type = engineio::PacketType::Message,
                                                       .kind = engineio::DataKind::Binary,
                                                       .data = message.payload});
  }
  std::string octets;
  session_->on_packet(*this, engineio::parse_packet(message.payload, octets));
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
