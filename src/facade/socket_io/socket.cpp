#include "facade/socket_io/socket.hpp"

#include <utility>

#include "core/base64.hpp"
#include "core/random.hpp"
#include "facade/guard.hpp"
#include "facade/socket_io/client.hpp"
#include "facade/socket_io/io.hpp"
#include "protocol/json/object.hpp"
#include "protocol/json/scalar.hpp"
#include "protocol/socketio/encode.hpp"

namespace carillon::facade {
namespace {

/// 20 characters.
std::string make_id() {
  return base64url_encode(random_octets(15));
}

/// A member of `auth` that is a string.
std::optional<std::string> text_member(const socket_io::Value& auth, Bytes name) {
  const auto object = json::parse_object(auth.to_json());
  const json::Value* const found = object ? object->find(name) : nullptr;
  if (found == nullptr || found->kind != json::Kind::String) return std::nullopt;
  return json::decode_string(found->raw);
}

/// Reasons after which a client may come back; not those that somebody has wished for.
bool is_recoverable(std::string_view reason) {
  return reason == "transport error" || reason == "transport close" || reason == "forced close" ||
         reason == "ping timeout" || reason == "server shutting down" ||
         reason == "forced server close";
}

template <class Listener>
std::shared_ptr<const Listener> shared(Listener listener) {
  return std::make_shared<const Listener>(std::move(listener));
}

}  // namespace

ApplicationSocket::ApplicationSocket(SocketIo& io, SocketIoClient& client,
                                     const SocketIoNamespace& handlers, std::string name_space,
                                     socket_io::Handshake handshake)
    : io_(io),
      client_(client),
      handlers_(handlers),
      name_space_(std::move(name_space)),
      id_(client.is_version_2() ? client.version_2_id(name_space_) : make_id()),
      handshake_(std::make_shared<const socket_io::Handshake>(std::move(handshake))) {
  if (io_.options().connection_state_recovery && !client.is_version_2()) pid_ = make_id();
  place_ = io_.add(client.local(), *this);
}

// --- Coming in ----------------------------------------------------------------------------------

void ApplicationSocket::begin() {
  const auto pid = text_member(handshake_->auth, "pid");
  if (pid_.empty() || !pid) return go_on(0);
  io_.restore(*this, *pid, text_member(handshake_->auth, "offset"));
}

void ApplicationSocket::on_restored(std::optional<RestoredSession> session) {
  if (state_ != State::Arriving) return;
  if (!session) return go_on(0);
  recovered_ = true;
  id_ = std::move(session->sid);
  pid_ = std::move(session->pid);
  rooms_ = std::move(session->rooms);
  data_ = std::move(session->data);
  replay_from_ = session->from;
  if (io_.options().connection_state_recovery->skip_middlewares) return connect();
  go_on(0);
}

void ApplicationSocket::go_on(std::size_t step) {
  if (state_ != State::Arriving) return;
  if (step == handlers_.middlewares().size()) return connect();
  const socket_io::Next next(std::make_shared<SocketIoNext>(io_, place_, step + 1));
  const auto& middleware = handlers_.middlewares()[step];
  if (!guarded("a Socket.IO middleware", [&] { middleware(*this, next); })) {
    refuse({.message = "Internal error"});
  }
}

void ApplicationSocket::refuse(const socket_io::ConnectError& error) {
  if (state_ != State::Arriving) return;
  state_ = State::Ended;
  std::string text;
  if (client_.is_version_2()) {
    socketio::append_error(
        text, name_space_,
        error.data ? error.data->to_json() : socket_io::Value(error.message).to_json());
  } else {
    socketio::append_connect_error(text, name_space_, error.message,
                                   error.data ? error.data->to_json() : Bytes());
  }
  client_.send(text);
  if (client_.is_open()) io_.bury(client_.local(), client_.release(*this), {});
}

void ApplicationSocket::connect() {
  state_ = State::Connected;
  rooms_.insert(id_);
  std::string text;
  socketio::append_connect(text, name_space_, client_.is_version_2() ? Bytes() : Bytes(id_), pid_);
  client_.send(text);
  if (!connected()) return;  // the client was given up over that
  if (!io_.enroll(*this, pid_)) return give_up();
  for (const auto& listener : handlers_.connection_listeners()) {
    if (!connected()) return;
    if (!guarded("on_connection", [&] { listener(*this); })) return give_up();
  }
}

// --- Listening ----------------------------------------------------------------------------------

void ApplicationSocket::on(std::string_view event, socket_io::Listener listener) {
  listeners_[std::string(event)].push_back({.call = shared(std::move(listener))});
}

void ApplicationSocket::once(std::string_view event, socket_io::Listener listener) {
  listeners_[std::string(event)].push_back({.call = shared(std::move(listener)), .once = true});
}

void ApplicationSocket::off(std::string_view event) {
  const auto found = listeners_.find(event);
  if (found != listeners_.end()) listeners_.erase(found);
}

void ApplicationSocket::on_any(socket_io::AnyListener listener) {
  any_listeners_.push_back(shared(std::move(listener)));
}

void ApplicationSocket::on_disconnecting(socket_io::DisconnectListener listener) {
  disconnecting_.push_back(shared(std::move(listener)));
}

void ApplicationSocket::on_disconnect(socket_io::DisconnectListener listener) {
  disconnect_.push_back(shared(std::move(listener)));
}

/// A copy: they may change the list. Those of `once` are taken out.
std::vector<std::shared_ptr<const socket_io::Listener>> ApplicationSocket::listeners_of(
    const std::string& event) {
  std::vector<std::shared_ptr<const socket_io::Listener>> calls;
  const auto found = listeners_.find(event);
  if (found == listeners_.end()) return calls;
  for (const Listening& each : found->second) calls.push_back(each.call);
  std::erase_if(found->second, [](const Listening& each) { return each.once; });
  if (found->second.empty()) listeners_.erase(found);
  return calls;
}

void ApplicationSocket::on_event(const socketio::Packet& packet) {
  const std::string event = packet.event();
  const socket_io::Arguments arguments = arguments_of(packet, 1);
  socket_io::Ack ack;
  if (packet.id) {
    ack = socket_io::Ack(std::make_shared<SocketIoAck>(io_, name_space_, place_, *packet.id));
  }
  const bool done = guarded("a Socket.IO listener", [&] {
    const auto any = any_listeners_;
    for (const auto& listener : any) {
      if (connected()) (*listener)(*this, event, arguments);
    }
    for (const auto& listener : listeners_of(event)) {
      if (connected()) (*listener)(*this, arguments, ack);
    }
  });
  if (!done) give_up();
}

// --- Acknowledgements ---------------------------------------------------------------------------

void ApplicationSocket::on_ack(const socketio::Packet& packet) {
  const auto found = acks_.find(*packet.id);
  if (found == acks_.end()) return;
  const std::uint64_t collector = found->second.collector;
  acks_.erase(found);
  io_.tell_answer(collector, arguments_of(packet, 0));
}

void ApplicationSocket::answer(std::uint64_t ack, const SocketIoPayload& payload) {
  if (!is_in()) return;
  std::string text;
  socketio::append_ack(text, {.name_space = name_space_, .id = ack}, payload.arguments,
                       payload.attachments.size());
  client_.send(text, payload.attachments);
}

void ApplicationSocket::take(const SocketIoPacketPtr& packet) {
  const bool may_go = is_in() && (!packet->ack || expect_ack(*packet));
  if (may_go && client_.send(*packet)) return;
  // Dropped. Where the client ended over it, that has told it.
  const bool is_told = may_go && packet->ack && acks_.erase(*packet->ack) == 0;
  if (packet->ack && !is_told) io_.tell_lost(packet->collector);
}

/// False: too many clients' answers are waited for.
bool ApplicationSocket::expect_ack(const SocketIoPacket& packet) {
  if (acks_.size() >= io_.options().max_pending_acks) {
    const TimePoint now = client_.local().reactor().now();
    std::erase_if(acks_, [&](const auto& each) {
      const auto& until = each.second.until;
      return until && *until < now;
    });
    if (acks_.size() >= io_.options().max_pending_acks) return false;
  }
  acks_[*packet.ack] = {.collector = packet.collector, .until = packet.ack_until};
  return true;
}

void ApplicationSocket::take_missed(const std::vector<SocketIoPacketPtr>& packets) {
  for (const SocketIoPacketPtr& packet : packets) {
    if (is_in()) client_.send_missed(*packet);
  }
}

// --- Out ----------------------------------------------------------------------------------------

socket_io::RemoteSocket ApplicationSocket::picture() const {
  return {id_, handshake_, rooms_, data_, itself()};
}

socket_io::Emitter ApplicationSocket::itself() const {
  return socket_io::Emitter(io_, name_space_).to(id_);
}

bool ApplicationSocket::emit(std::string_view event, const socket_io::Arguments& arguments) {
  return itself().emit(event, arguments);
}

void ApplicationSocket::emit_with_ack(std::string_view event, const socket_io::Arguments& arguments,
                                      std::function<void(const socket_io::Replies&)> done) {
  itself().emit_with_ack(event, arguments, std::move(done));
}

socket_io::Emitter ApplicationSocket::timeout(std::chrono::milliseconds time) const {
  return itself().timeout(time);
}

socket_io::Emitter ApplicationSocket::volatile_() const {
  return itself().volatile_();
}

socket_io::Emitter ApplicationSocket::broadcast() const {
  return socket_io::Emitter(io_, name_space_).except(id_);
}

void ApplicationSocket::join(std::string_view room) {
  if (state_ == State::Ended || !rooms_.emplace(room).second) return;
  if (connected() && !io_.join(*this, std::string(room))) give_up();
}

void ApplicationSocket::leave(std::string_view room) {
  const auto found = rooms_.find(std::string(room));
  if (state_ == State::Ended || found == rooms_.end()) return;
  rooms_.erase(found);
  if (connected() && !io_.leave(*this, std::string(room))) give_up();
}

// --- The end ------------------------------------------------------------------------------------

void ApplicationSocket::disconnect(bool close) {
  if (!connected()) return;
  state_ = State::Leaving;
  if (!io_.disconnect(*this, close)) disconnect_now(close);
}

void ApplicationSocket::disconnect_now(bool close) {
  if (!is_in()) return;
  if (close) return client_.disconnect_all();
  std::string text;
  socketio::append_disconnect(text, name_space_);
  client_.send(text);
  // The client may have been given up over that.
  if (is_in()) io_.bury(client_.local(), client_.release(*this), "server namespace disconnect");
}

/// The application has failed, or its reactor hears nothing of it any more.
void ApplicationSocket::give_up() {
  if (client_.is_open()) client_.close("forced server close", engineio::CloseReason::ForcedClose);
}

void ApplicationSocket::end(std::string_view reason) {
  const bool was_in = is_in();
  state_ = State::Ended;
  if (!was_in) return;
  const auto tell = [&](const List<socket_io::DisconnectListener>& listeners, const char* what) {
    const auto calls = listeners;
    for (const auto& listener : calls) guarded(what, [&] { (*listener)(*this, reason); });
  };
  tell(disconnecting_, "on_disconnecting");
  for (const auto& [id, ack] : std::exchange(acks_, {})) io_.tell_lost(ack.collector);
  const bool may_come_back = !pid_.empty() && is_recoverable(reason);
  io_.withdraw(client_.local(), {.name_space = name_space_,
                                 .sid = id_,
                                 .place = place_,
                                 .data = may_come_back ? std::optional(data_) : std::nullopt});
  rooms_.clear();
  tell(disconnect_, "on_disconnect");
}

}  // namespace carillon::facade
