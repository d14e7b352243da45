#include "facade/socket_io/client.hpp"

#include <algorithm>
#include <utility>

#include "facade/socket_io/io.hpp"
#include "facade/socket_io/query_auth.hpp"
#include "protocol/socketio/encode.hpp"

namespace carillon::facade {

using engineio::CloseReason;
using engineio::DataKind;
using socketio::PacketType;

SocketIoClient::SocketIoClient(SocketIo& io, Local& local, transport::EngineSession& session,
                               SocketIoHandshake handshake)
    : io_(io), local_(local), session_(session), handshake_(std::move(handshake)) {
  connect_timer_ = local.reactor().after(io.options().connect_timeout, [this] {
    if (sockets_.empty()) close("forced server close", CloseReason::ForcedClose);
  });
}

SocketIoClient::~SocketIoClient() {
  local_.reactor().cancel(connect_timer_);
}

void SocketIoClient::on_joined() {
  local_.reactor().cancel(std::exchange(connect_timer_, {}));
}

std::string_view SocketIoClient::transport() const {
  return session_.transport() == engineio::Transport::WebSocket ? "websocket" : "polling";
}

// --- Out ----------------------------------------------------------------------------------------

/// A client that has not taken what it was sent before gets nothing more.
bool SocketIoClient::has_room_for(std::size_t bytes) {
  if (is_slow_ || !session_.is_open()) return false;
  const std::size_t waiting = session_.buffered_bytes();
  const std::size_t allowed = io_.options().max_buffered_bytes + std::min(missed_bytes_, waiting);
  if (bytes == 0 || waiting <= allowed) return true;
  end_as_slow();
  return false;
}

/// Not at once: what the application sends when it hears of it may find the next slow client, and
/// those who come behind this one have not been sent yet what it was sent.
void SocketIoClient::end_as_slow() {
  if (std::exchange(is_slow_, true)) return;
  local_.reactor().defer([&sessions = session_.sessions(), handle = session_.handle()] {
    transport::EngineSession* const session = sessions.find(handle);
    if (session == nullptr || !session->is_open()) return;
    auto& client = static_cast<SocketIoClient&>(*session->application());
    client.io_.enter(client.local_);
    client.close("transport error", CloseReason::TransportError);
  });
}

void SocketIoClient::send(Bytes text) {
  if (has_room_for(text.size())) {
    session_.send(DataKind::Text, text, transport::EngineSession::Cause::Asked);
  }
}

void SocketIoClient::send(Bytes text, const std::vector<SharedBytes>& attachments) {
  if (has_room_for(text.size())) write(text, attachments);
}

void SocketIoClient::write(Bytes text, const std::vector<SharedBytes>& attachments) {
  constexpr auto kAsked = transport::EngineSession::Cause::Asked;
  if (session_.is_open()) session_.send(DataKind::Text, text, kAsked);
  for (const SharedBytes& each : attachments) {
    if (session_.is_open()) session_.send(DataKind::Binary, each.view(), kAsked);
  }
}

bool SocketIoClient::send(const SocketIoPacket& packet) {
  if (packet.is_volatile && session_.congested()) return false;
  if (!has_room_for(packet.frame.size())) return false;
  if (packet.is_small()) {
    session_.send_frames(packet.frame);
  } else {
    write(packet);
  }
  return true;
}

void SocketIoClient::send_frames(const SharedBytes& frames) {
  if (has_room_for(frames.size())) session_.send_frames(frames);
}

void SocketIoClient::send_missed(const SocketIoPacket& packet) {
  missed_bytes_ = std::min(missed_bytes_, session_.buffered_bytes()) + packet.bytes();
  write(packet);
}

void SocketIoClient::write(const SocketIoPacket& packet) {
  write(packet.frame.view().substr(packet.header_bytes), packet.attachments);
}

// --- In -----------------------------------------------------------------------------------------

/// Clients of version 2 are in the main Socket.IO namespace without asking.
void SocketIoClient::on_open() {
  if (!is_version_2()) return;
  io_.enter(local_);
  enter(std::string(socketio::kMainNamespace), auth_of_query({}).to_json());
}

void SocketIoClient::on_message(DataKind kind, Bytes data) {
  io_.enter(local_);
  auto packet = decode(kind, data);
  if (!packet) return close("parse error", CloseReason::ParseError);
  if (!*packet) return;
  decoder_ = nullptr;
  on_packet(**packet);
}

/// Nothing is kept between two packets.
Result<std::optional<socketio::Packet>, socketio::Error> SocketIoClient::decode(DataKind kind,
                                                                                Bytes data) {
  if (!decoder_) {
    const socket_io::Options& options = io_.options();
    decoder_ = std::make_unique<socketio::Decoder>(
        socketio::Limits{.attachments = options.max_attachments,
                         .attachments_bytes = options.max_attachments_bytes});
  }
  return kind == DataKind::Text ? decoder_->on_text(data) : decoder_->on_binary(data);
}

void SocketIoClient::on_packet(const socketio::Packet& packet) {
  ApplicationSocket* const socket =
      find(is_version_2() ? socketio::split_query(packet.name_space).name : packet.name_space);
  if (socket == nullptr && packet.type == PacketType::Connect) return on_connect(packet);
  if (socket != nullptr && socket->is_in() && !socket->connected()) return;  // it is leaving
  if (socket == nullptr || !socket->connected()) {
    return close("forced server close", CloseReason::ForcedClose);
  }
  switch (packet.type) {
    case PacketType::Event:
      return socket->on_event(packet);
    case PacketType::Ack:
      return socket->on_ack(packet);
    case PacketType::Disconnect:
      return io_.bury(local_, release(*socket), "client namespace disconnect");
    default:
      close("forced server close", CloseReason::ForcedClose);
  }
}

void SocketIoClient::on_connect(const socketio::Packet& packet) {
  if (is_version_2()) {
    const auto [name, query] = socketio::split_query(packet.name_space);
    return enter(std::string(name), auth_of_query(query).to_json());
  }
  enter(packet.name_space, packet.data);
}

void SocketIoClient::enter(const std::string& name_space, Bytes auth) {
  const SocketIoNamespace* const found = io_.find_namespace(name_space, auth);
  if (found == nullptr) return refuse(name_space, "Invalid namespace");
  if (sockets_.size() >= io_.options().max_namespaces) {
    return refuse(name_space, "Too many namespaces");
  }
  sockets_.push_back(std::make_unique<ApplicationSocket>(io_, *this, *found, name_space, auth));
  sockets_.back()->begin();
}

/// Clients of any version are told so in the same words.
void SocketIoClient::refuse(Bytes name_space, Bytes message) {
  std::string text;
  socketio::append_connect_error(text, name_space, message);
  send(text);
}

std::string SocketIoClient::version_2_id(std::string_view name_space) const {
  if (name_space == socketio::kMainNamespace) return session_.id();
  return std::string(name_space) + "#" + session_.id();
}

ApplicationSocket* SocketIoClient::find(std::string_view name_space) const {
  const auto found = std::ranges::find_if(
      sockets_, [&](const auto& each) { return each->name_space() == name_space; });
  return found == sockets_.end() ? nullptr : found->get();
}

// --- Ends ---------------------------------------------------------------------------------------

/// It lives to the end of the tick: its own handlers may have asked for this.
std::unique_ptr<ApplicationSocket> SocketIoClient::release(const ApplicationSocket& socket) {
  const auto found =
      std::ranges::find_if(sockets_, [&](const auto& each) { return each.get() == &socket; });
  std::unique_ptr<ApplicationSocket> released = std::move(*found);
  sockets_.erase(found);
  return released;
}

void SocketIoClient::end_sockets(std::string_view reason) {
  while (!sockets_.empty()) io_.bury(local_, release(*sockets_.back()), reason);
}

void SocketIoClient::close(std::string_view reason, CloseReason engine_reason) {
  end_sockets(reason);
  session_.close(engine_reason);
}

void SocketIoClient::disconnect_all() {
  while (!sockets_.empty()) {
    ApplicationSocket& last = *sockets_.back();
    if (last.is_in()) {
      last.disconnect_now(false);
    } else {
      io_.bury(local_, release(last), {});  // it has not come in yet
    }
  }
  session_.close(CloseReason::ForcedClose);
}

void SocketIoClient::on_drain(Duration /*reconnect_after*/) {
  io_.enter(local_);
  close("server shutting down", CloseReason::ServerShuttingDown);
}

void SocketIoClient::on_closed(CloseReason reason) {
  io_.enter(local_);
  end_sockets(engineio::describe(reason));
}

}  // namespace carillon::facade
