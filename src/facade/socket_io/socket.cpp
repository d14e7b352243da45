#include "facade/socket_io/socket.hpp"

#include <algorithm>
#include <utility>

#include "core/log.hpp"
#include "facade/guard.hpp"
#include "facade/socket_io/client.hpp"
#include "facade/socket_io/io.hpp"
#include "protocol/json/object.hpp"
#include "protocol/json/scalar.hpp"
#include "protocol/socketio/encode.hpp"

namespace carillon::facade {
namespace {

/// A member of `auth` that is a string.
std::optional<std::string> text_member(Bytes auth, Bytes name) {
  const auto object = json::parse_object(auth);
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
                                     const SocketIoNamespace& handlers, std::string_view name_space,
                                     std::string_view auth)
    : client_(client), handlers_(handlers), handle_(io.add(client.local(), *this)) {
  if (handlers.name() != name_space) {
    own_name_ = std::make_unique<const std::string>(name_space);
  }
  if (!auth.empty()) auth_ = std::make_unique<const std::string>(auth);
  if (client.is_version_2()) {
    extras().version_2_id = client.version_2_id(name_space);
  } else if (io.options().connection_state_recovery) {
    extras().pid = SocketIoId::make().text();
  }
}

ApplicationSocket::Extras& ApplicationSocket::extras() {
  if (!extras_) extras_ = std::make_unique<Extras>();
  return *extras_;
}

std::string_view ApplicationSocket::id() const {
  const bool is_made_up = extras_ && !extras_->version_2_id.empty();
  return is_made_up ? extras_->version_2_id : id_.text();
}

std::string_view ApplicationSocket::name_space() const {
  return own_name_ ? *own_name_ : handlers_.name();
}

SocketIoPlace ApplicationSocket::place() const {
  return {.reactor = static_cast<std::uint32_t>(client_.local().index()), .socket = handle_};
}

std::string_view ApplicationSocket::transport() const {
  return client_.transport();
}

std::shared_ptr<const socket_io::Handshake> ApplicationSocket::shared_handshake() const {
  if (!handshake_) {
    handshake_ = std::make_shared<const socket_io::Handshake>(
        client_.handshake().unfold(auth_ ? Bytes(*auth_) : Bytes()));
  }
  return handshake_;
}

// --- Coming in ----------------------------------------------------------------------------------

void ApplicationSocket::begin() {
  if (!extras_ || extras_->pid.empty() || !auth_) return go_on(0);
  const auto pid = text_member(*auth_, "pid");
  if (!pid) return go_on(0);
  client_.io().restore(*this, *pid, text_member(*auth_, "offset"));
}

void ApplicationSocket::on_restored(std::optional<RestoredSession> session) {
  if (state_ != State::Arriving) return;
  const auto id = session ? SocketIoId::parse(session->sid) : std::nullopt;
  if (!id) return go_on(0);
  recovered_ = true;
  id_ = *id;
  joined_.assign(session->rooms.begin(), session->rooms.end());
  data_ = std::move(session->data);
  extras().pid = std::move(session->pid);
  extras().replay_from = session->from;
  if (client_.io().options().connection_state_recovery->skip_middlewares) return connect();
  go_on(0);
}

void ApplicationSocket::go_on(std::size_t step) {
  if (state_ != State::Arriving) return;
  if (step == handlers_.middlewares().size()) return connect();
  const socket_io::Next next(std::make_shared<SocketIoNext>(
      client_.io(), place(), [step](ApplicationSocket& socket, const auto* error) {
        error == nullptr ? socket.go_on(step + 1) : socket.refuse(*error);
      }));
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
        text, name_space(),
        error.data ? error.data->to_json() : socket_io::Value(error.message).to_json());
  } else {
    socketio::append_connect_error(text, name_space(), error.message,
                                   error.data ? error.data->to_json() : Bytes());
  }
  client_.send(text);
  if (client_.is_open()) client_.io().bury(client_.local(), client_.release(*this), {});
}

void ApplicationSocket::connect() {
  state_ = State::Connected;
  client_.on_joined();
  // The name that its client makes up finds it as a room does.
  if (client_.is_version_2()) {
    const std::string own(id());
    joined_.insert(std::ranges::lower_bound(joined_, own), own);
  }
  const std::string pid = extras_ ? extras_->pid : std::string();
  std::string text;
  const Bytes told_id = client_.is_version_2() ? Bytes() : id();
  socketio::append_connect(text, name_space(), told_id, pid);
  client_.send(text);
  if (!connected()) return;  // the client was given up over that
  if (!client_.io().enroll(*this, pid)) return give_up();
  for (const auto& listener : handlers_.connection_listeners()) {
    if (!connected()) return;
    if (!guarded("on_connection", [&] { listener(*this); })) return give_up();
  }
}

// --- Listening ----------------------------------------------------------------------------------

SharedBytes ApplicationSocket::event_name(std::string_view event) const {
  return client_.io().event_names(client_.local()).share(event);
}

void ApplicationSocket::on(std::string_view event, socket_io::Listener listener) {
  listeners_.add(event_name(event), std::move(listener), SocketIoListeners::Times::Always);
}

void ApplicationSocket::once(std::string_view event, socket_io::Listener listener) {
  listeners_.add(event_name(event), std::move(listener), SocketIoListeners::Times::Once);
}

void ApplicationSocket::on_any(socket_io::AnyListener listener) {
  extras().any.push_back(shared(std::move(listener)));
}

void ApplicationSocket::prepend_any(socket_io::AnyListener listener) {
  extras().any.insert(extras().any.begin(), shared(std::move(listener)));
}

void ApplicationSocket::off_any() {
  extras().any.clear();
}

void ApplicationSocket::on_any_outgoing(socket_io::AnyListener listener) {
  extras().any_outgoing.push_back(shared(std::move(listener)));
}

void ApplicationSocket::prepend_any_outgoing(socket_io::AnyListener listener) {
  extras().any_outgoing.insert(extras().any_outgoing.begin(), shared(std::move(listener)));
}

void ApplicationSocket::off_any_outgoing() {
  extras().any_outgoing.clear();
}

void ApplicationSocket::use(socket_io::EventMiddleware middleware) {
  extras().middlewares.push_back(shared(std::move(middleware)));
}

void ApplicationSocket::on_error(socket_io::ErrorListener listener) {
  extras().error.push_back(shared(std::move(listener)));
}

void ApplicationSocket::on_disconnecting(socket_io::DisconnectListener listener) {
  extras().disconnecting.push_back(shared(std::move(listener)));
}

void ApplicationSocket::on_disconnect(socket_io::DisconnectListener listener) {
  extras().disconnect.push_back(shared(std::move(listener)));
}

/// Calls a copy of a list: they may change it.
template <class Listener, class... Arguments>
void ApplicationSocket::call_all(const List<Listener>& listeners, const Arguments&... arguments) {
  const List<Listener> calls = listeners;
  for (const auto& listener : calls) {
    if (connected()) (*listener)(*this, arguments...);
  }
}

void ApplicationSocket::on_event(const socketio::Packet& packet) {
  const auto event = std::make_shared<IncomingEvent>(packet.event(), arguments_of(packet, 1));
  if (packet.id) {
    event->ack = socket_io::Ack(std::make_shared<SocketIoAck>(
        client_.io(), std::string(name_space()), place(), *packet.id));
  }
  const bool done = guarded("a Socket.IO listener", [&] {
    if (extras_) call_all(extras_->any, std::string_view(event->name), event->arguments);
  });
  done ? pass(event, 0) : give_up();
}

void ApplicationSocket::pass(const std::shared_ptr<IncomingEvent>& event, std::size_t step) {
  if (!connected()) return;
  const bool done = guarded("a Socket.IO listener", [&] {
    if (!extras_ || step >= extras_->middlewares.size()) {
      return listeners_.call(event->name, *this, event->arguments, event->ack,
                             [this] { return connected(); });
    }
    const auto middleware = extras_->middlewares[step];
    const socket_io::Next next(std::make_shared<SocketIoNext>(
        client_.io(), place(), [event, step](ApplicationSocket& socket, const auto* error) {
          error == nullptr ? socket.pass(event, step + 1) : socket.on_event_refused(*error);
        }));
    (*middleware)(*this, event->name, event->arguments, next);
  });
  if (!done) give_up();
}

/// The event goes no further; the client hears nothing of it.
void ApplicationSocket::on_event_refused(const socket_io::ConnectError& error) {
  if (!connected()) return;
  if (!extras_ || extras_->error.empty()) {
    return log::warn("a Socket.IO middleware has refused an event: {}", error.message);
  }
  if (!guarded("on_error", [&] { call_all(extras_->error, error); })) give_up();
}

// --- Acknowledgements ---------------------------------------------------------------------------

void ApplicationSocket::on_ack(const socketio::Packet& packet) {
  if (!extras_) return;
  const auto found = extras_->acks.find(*packet.id);
  if (found == extras_->acks.end()) return;
  const std::uint64_t collector = found->second.collector;
  extras_->acks.erase(found);
  client_.io().tell_answer(collector, arguments_of(packet, 0));
}

void ApplicationSocket::answer(std::uint64_t ack, const SocketIoPayload& payload) {
  if (!is_in()) return;
  std::string text;
  socketio::append_ack(text, {.name_space = name_space(), .id = ack}, payload.arguments,
                       payload.attachments.size());
  client_.send(text, payload.attachments);
}

void ApplicationSocket::take(const SocketIoParcel& parcel) {
  if (!parcel.frames.empty() && is_in() && !hears_outgoing()) {
    return client_.send_frames(parcel.frames);
  }
  for (const SocketIoPacketPtr& each : parcel.packets) take(*each);
}

void ApplicationSocket::take(const SocketIoPacket& packet) {
  const bool may_go = is_in() && (!packet.ack || expect_ack(packet));
  if (may_go && hears_outgoing()) tell_outgoing(packet);
  if (may_go && client_.send(packet)) return;
  if (!packet.ack) return;
  // Dropped. Where the client ended over it, that has told it.
  const bool is_told = may_go && extras_->acks.erase(*packet.ack) == 0;
  if (!is_told) client_.io().tell_lost(packet.collector);
}

/// Packets are encoded once for all; whoever wants to see one has it decoded again.
void ApplicationSocket::tell_outgoing(const SocketIoPacket& packet) {
  auto parsed = socketio::parse_text(packet.frame.view().substr(packet.header_bytes),
                                     {.attachments = packet.attachments.size()});
  if (!parsed) return;
  socketio::Packet& event = parsed->packet;
  for (const SharedBytes& each : packet.attachments) event.attachments.emplace_back(each.view());
  const bool done = guarded("on_any_outgoing", [&] {
    call_all(extras_->any_outgoing, std::string_view(event.event()), arguments_of(event, 1));
  });
  if (!done) give_up();
}

/// False: too many clients' answers are waited for.
bool ApplicationSocket::expect_ack(const SocketIoPacket& packet) {
  const std::size_t most = client_.io().options().max_pending_acks;
  auto& acks = extras().acks;
  if (acks.size() >= most) {
    const TimePoint now = client_.local().reactor().now();
    std::erase_if(acks, [&](const auto& each) {
      const auto& until = each.second.until;
      return until && *until < now;
    });
    if (acks.size() >= most) return false;
  }
  acks[*packet.ack] = {.collector = packet.collector, .until = packet.ack_until};
  return true;
}

void ApplicationSocket::take_missed(const std::vector<SocketIoPacketPtr>& packets) {
  for (const SocketIoPacketPtr& packet : packets) {
    if (is_in()) client_.send_missed(*packet);
  }
}

// --- Out ----------------------------------------------------------------------------------------

std::optional<std::uint64_t> ApplicationSocket::replay_from() const {
  return extras_ ? extras_->replay_from : std::nullopt;
}

socket_io::RemoteSocket ApplicationSocket::picture() const {
  return {std::string(id()), shared_handshake(), rooms(), data_, itself()};
}

socket_io::Emitter ApplicationSocket::itself() const {
  return socket_io::Emitter(client_.io(), std::string(name_space())).to(id());
}

bool ApplicationSocket::emit(std::string_view event, const socket_io::Arguments& arguments) {
  return itself().emit(event, arguments);
}

void ApplicationSocket::emit_with_ack(std::string_view event, const socket_io::Arguments& arguments,
                                      std::function<void(const socket_io::Replies&)> done) {
  itself().emit_with_ack(event, arguments, std::move(done));
}

socket_io::Emitter ApplicationSocket::broadcast() const {
  return socket_io::Emitter(client_.io(), std::string(name_space())).except(id());
}

std::set<std::string> ApplicationSocket::rooms() const {
  std::set<std::string> all(joined_.begin(), joined_.end());
  if (is_in() || state_ == State::Ending) all.emplace(id());
  return all;
}

void ApplicationSocket::note_join(const std::string& room) {
  const auto at = std::ranges::lower_bound(joined_, room);
  if (room != id() && (at == joined_.end() || *at != room)) joined_.insert(at, room);
}

void ApplicationSocket::note_leave(const std::string& room) {
  if (room == id()) return;  // by that name it is found
  const auto at = std::ranges::lower_bound(joined_, room);
  if (at != joined_.end() && *at == room) joined_.erase(at);
}

void ApplicationSocket::join(std::string_view room) {
  const std::size_t before = joined_.size();
  const std::string name(room);
  if (state_ != State::Ended) note_join(name);
  if (joined_.size() > before && connected() && !client_.io().join(*this, name)) give_up();
}

void ApplicationSocket::leave(std::string_view room) {
  const std::size_t before = joined_.size();
  const std::string name(room);
  if (state_ != State::Ended) note_leave(name);
  if (joined_.size() < before && connected() && !client_.io().leave(*this, name)) give_up();
}

// --- The end ------------------------------------------------------------------------------------

void ApplicationSocket::disconnect(bool close) {
  if (!connected()) return;
  state_ = State::Leaving;
  if (!client_.io().disconnect(*this, close)) disconnect_now(close);
}

void ApplicationSocket::disconnect_now(bool close) {
  if (!is_in()) return;
  if (close) return client_.disconnect_all();
  std::string text;
  socketio::append_disconnect(text, name_space());
  client_.send(text);
  // The client may have been given up over that.
  if (!is_in()) return;
  client_.io().bury(client_.local(), client_.release(*this), "server namespace disconnect");
}

/// The application has failed, or its reactor hears nothing of it any more.
void ApplicationSocket::give_up() {
  if (client_.is_open()) client_.close("forced server close", engineio::CloseReason::ForcedClose);
}

void ApplicationSocket::end(std::string_view reason) {
  const bool was_in = is_in();
  state_ = was_in ? State::Ending : State::Ended;
  if (!was_in) return;
  if (extras_) tell_end(extras_->disconnecting, "on_disconnecting", reason);
  state_ = State::Ended;
  if (extras_) {
    for (const auto& [id, ack] : std::exchange(extras_->acks, {})) {
      client_.io().tell_lost(ack.collector);
    }
  }
  const bool may_come_back = extras_ && !extras_->pid.empty() && is_recoverable(reason);
  client_.io().withdraw(client_.local(),
                        {.name_space = std::string(name_space()),
                         .id = id_,
                         .place = place(),
                         .data = may_come_back ? std::optional(data_) : std::nullopt});
  joined_.clear();
  if (extras_) tell_end(extras_->disconnect, "on_disconnect", reason);
}

void ApplicationSocket::tell_end(const List<socket_io::DisconnectListener>& listeners,
                                 const char* what, std::string_view reason) {
  const auto calls = listeners;
  for (const auto& listener : calls) guarded(what, [&] { (*listener)(*this, reason); });
}

}  // namespace carillon::facade
