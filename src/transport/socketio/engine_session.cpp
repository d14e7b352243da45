#include "transport/socketio/engine_session.hpp"

#include <algorithm>
#include <utility>

#include "core/check.hpp"
#include "hub/limits.hpp"
#include "net/reactor.hpp"
#include "protocol/websocket/frame.hpp"
#include "transport/socketio/engine_sessions.hpp"

namespace carillon::transport {
namespace {

using engineio::CloseReason;
using engineio::DataKind;
using engineio::Packet;
using engineio::PacketType;
using engineio::Transport;

/// How long the last packets of a session wait for the client's next poll.
constexpr Duration kLingerTime = std::chrono::seconds(30);

/// The same for a client that may be about to upgrade: its WebSocket must not hold up a server that
/// stops.
constexpr Duration kLastUpgradeTime = std::chrono::seconds(1);

std::string payload_of(PacketType type) {
  std::string payload;
  engineio::append_to_payload(payload, {.type = type});
  return payload;
}

}  // namespace

EngineSession::EngineSession(EngineSessions& sessions, Transport transport,
                             const engineio::Dialect& dialect)
    : sessions_(sessions),
      state_(transport, sessions.worker().reactor().now(), dialect.version),
      drainable_(sessions.worker().drainables().insert(this)),
      secret_(random_secret()),
      dialect_(dialect),
      open_count_(sessions.worker().probe(), TransportKind::SocketIo) {
  if (transport == Transport::Polling) polling_ = std::make_unique<Polling>();
}

EngineSession::~EngineSession() {
  leave_sockets();
  worker().drainables().erase(drainable_);
}

Worker& EngineSession::worker() const {
  return sessions_.worker();
}

TimePoint EngineSession::now() const {
  return worker().reactor().now();
}

std::string EngineSession::id() const {
  return to_text({.reactor = sessions_.reactor(), .session = handle_, .secret = secret_});
}

std::string EngineSession::open_packet() const {
  const EngineOptions& options = sessions_.options();
  const auto milliseconds = [](Duration time) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(time);
  };
  const std::string id_text = id();
  std::string packet;
  engineio::append_open_packet(
      packet, {.session_id = id_text,
               .may_upgrade = polling_ && options.websocket && options.upgrades,
               .ping_interval = milliseconds(options.times.heartbeat.ping_interval),
               .ping_timeout = milliseconds(options.times.heartbeat.ping_timeout),
               .max_payload_bytes = options.max_payload_bytes});
  return packet;
}

void EngineSession::open(std::unique_ptr<EngineApplication> application) {
  application_ = std::move(application);
  arm();
  application_->on_open();
  if (worker().draining()) drain(worker().reconnect_after());
}

// --- Out ----------------------------------------------------------------------------------------

void EngineSession::send(DataKind kind, Bytes data, Cause cause) {
  if (ended_) return;
  send_packet({.type = PacketType::Message, .kind = kind, .data = data}, cause);
}

void EngineSession::send_packet(const Packet& packet, Cause cause) {
  if (socket_ != nullptr) return socket_->send(packet, cause);
  append(packet, cause);
}

void EngineSession::append(const Packet& packet, Cause cause) {
  const std::size_t before = polling_->payload.size();
  engineio::append_to_payload(polling_->payload, packet);
  flush_soon();
  if (cause == Cause::Asked) {
    // A client is never slow for what it has asked for, nor for the goodbye.
    polling_->asked_bytes += polling_->payload.size() - before;
    return;
  }
  // What a poll that waits will take says nothing of its client.
  const std::size_t due = polling_->poll_waits ? hub::limits::kPendingBytes : 0;
  const std::size_t allowed = sessions_.options().outbox_bytes + polling_->asked_bytes + due;
  if (polling_->payload.size() <= allowed) return;
  ++worker().probe().slow_readers;
  on_slow();
}

/// A poll gets the packets without their frames.
void EngineSession::send_frames(const SharedBytes& frames) {
  if (ended_) return;
  if (socket_ != nullptr) return socket_->send_frames(frames);
  Bytes rest = frames.view();
  std::string octets;
  while (!rest.empty() && !ended_) {
    const auto parsed =
        websocket::parse_frame_header(rest, websocket::Role::Client, websocket::kNoReservedBits);
    CARILLON_CHECK(parsed && *parsed);
    const auto& [header, header_bytes] = **parsed;
    const Bytes text = rest.substr(header_bytes, header.payload_bytes);
    rest.remove_prefix(header_bytes + text.size());
    if (const auto packet = engineio::parse_packet(text, octets)) append(*packet, Cause::News);
  }
}

std::size_t EngineSession::buffered_bytes() const {
  return socket_ != nullptr ? socket_->outbox_bytes() : polling_ ? polling_->payload.size() : 0;
}

bool EngineSession::congested() const {
  if (socket_ != nullptr) return socket_->congested();
  if (!polling_ || polling_->payload.size() <= sessions_.options().outbox_bytes / 2) return false;
  polling_->congested = true;
  return true;
}

// --- Polls --------------------------------------------------------------------------------------

void EngineSession::on_poll(const ExchangePlace& place) {
  if (!lingering_) keep_time();
  if (ended_ && !lingering_) {
    return sessions_.answer(place, refusal_answer(engineio::Refusal::UnknownSession));
  }
  if (!polling_) return sessions_.answer(place, refusal_answer(engineio::Refusal::BadRequest));
  if (polling_->poll_waits) {
    sessions_.answer(place, refusal_answer(engineio::Refusal::BadRequest));
    return fail(CloseReason::TransportError);
  }
  polling_->poll = place;
  polling_->poll_waits = true;
  if (lingering_) return say_last();
  flush_poll();
}

void EngineSession::flush_soon() {
  if (!polling_->poll_waits || std::exchange(polling_->flushing, true)) return;
  worker().reactor().defer([&sessions = sessions_, handle = handle_] {
    if (EngineSession* const session = sessions.find(handle)) session->flush_poll();
  });
}

void EngineSession::flush_poll() {
  if (!polling_ || ended_) return;
  polling_->flushing = false;
  if (!polling_->poll_waits) return;
  if (polling_->payload.empty()) return release_poll_if_due();
  polling_->asked_bytes = 0;
  answer_poll(std::exchange(polling_->payload, {}));
  if (polling_->post_waits) take_post();
  if (polling_ && !ended_ && std::exchange(polling_->congested, false)) application_->on_writable();
}

void EngineSession::release_poll_if_due() {
  const auto due = state_.poll_release_due();
  if (!due) return;
  if (now() < *due) return arm();
  state_.on_poll_released(now());
  answer_poll(payload_of(PacketType::Noop));
}

void EngineSession::answer_poll(std::string payload) {
  polling_->poll_waits = false;
  sessions_.answer(polling_->poll, payload_answer(std::move(payload), dialect_));
}

void EngineSession::on_poll_lost(const ExchangePlace& place) {
  if (!polling_ || polling_->poll != place) return;
  polling_->poll_waits = false;
  if (lingering_) return sessions_.retire(handle_);
  fail(CloseReason::TransportError);
}

// --- Posts --------------------------------------------------------------------------------------

void EngineSession::on_post(const ExchangePlace& place, Bytes payload, DataKind kind) {
  if (!ended_) keep_time();
  if (ended_) return sessions_.answer(place, refusal_answer(engineio::Refusal::UnknownSession));
  if (!polling_) return sessions_.answer(place, refusal_answer(engineio::Refusal::BadRequest));
  const bool is_version_4 = dialect_.version == engineio::Version::V4;
  const bool is_binary = kind == DataKind::Binary;
  if (polling_->post_waits || (is_version_4 && is_binary)) return refuse_post(place);
  polling_->unread_form = is_version_4 ? engineio::PayloadForm::Separated
                          : is_binary  ? engineio::PayloadForm::CountedOctets
                                       : engineio::PayloadForm::CountedText;
  polling_->post = place;
  polling_->post_waits = true;
  polling_->unread = payload;
  take_post();
}

/// One that overlaps another, or holds no payload.
void EngineSession::refuse_post(const ExchangePlace& place) {
  sessions_.answer(place, refusal_answer(engineio::Refusal::BadRequest));
  fail(CloseReason::TransportError);
}

/// Packet by packet, as long as there is room for what they bring about.
void EngineSession::take_post() {
  const std::string payload = std::exchange(polling_->unread, {});
  engineio::PayloadReader reader(payload, polling_->unread_form);
  while (!reader.at_end() && !ended_ && polling_) {
    if (!has_room()) {
      polling_->unread = reader.rest();
      return;
    }
    take(reader.next());
  }
  answer_post(taken_answer());
}

void EngineSession::answer_post(EngineAnswer answer) {
  if (!polling_ || !std::exchange(polling_->post_waits, false)) return;
  sessions_.answer(polling_->post, std::move(answer));
  if (probe_ != nullptr) probe_->resume_soon();
}

/// The probe brings the packets that end polling: what waits for a poll must not hold them up.
bool EngineSession::has_room_for(const EngineSocket& socket) const {
  return &socket == probe_ ? !polling_ || !polling_->post_waits : has_room();
}

bool EngineSession::has_room() const {
  if (ended_ || application_ == nullptr) return true;
  const bool is_read =
      !polling_ || polling_->payload.size() <= sessions_.options().outbox_bytes / 2;
  return is_read && application_->has_room();
}

void EngineSession::resume() {
  if (ended_) return;
  if (socket_ != nullptr) return socket_->resume_soon();
  if (!polling_->post_waits) return;
  worker().reactor().defer([&sessions = sessions_, handle = handle_] {
    EngineSession* const session = sessions.find(handle);
    if (session != nullptr && session->polling_ && session->polling_->post_waits) {
      session->take_post();
    }
  });
}

// --- Packets ------------------------------------------------------------------------------------

void EngineSession::on_packet(EngineSocket& socket, const std::optional<Packet>& packet) {
  if (&socket == probe_) return on_probe_packet(packet);
  take(packet);
}

void EngineSession::take(const std::optional<Packet>& packet) {
  if (ended_) return;
  switch (packet ? state_.on_packet(*packet, now()) : state_.on_bad_packet()) {
    case engineio::Session::Step::None:
      if (packet->type == PacketType::Pong) arm();
      return;
    case engineio::Session::Step::Answer:
      arm();
      return send_packet({.type = PacketType::Pong, .data = packet->data}, Cause::Asked);
    case engineio::Session::Step::Deliver:
      return application_->on_message(packet->kind, packet->data);
    case engineio::Session::Step::Close:
      if (state_.close_reason() == CloseReason::TransportClosed) application_->on_goodbye();
      return fail(state_.close_reason());
  }
}

void EngineSession::on_goodbye(const EngineSocket& socket) {
  if (&socket == socket_ && is_open()) application_->on_goodbye();
}

void EngineSession::on_writable() {
  if (!ended_ && application_ != nullptr) application_->on_writable();
}

void EngineSession::on_slow() {
  if (!ended_ && application_ != nullptr) application_->on_slow();
}

// --- The upgrade --------------------------------------------------------------------------------

bool EngineSession::begin_probe(EngineSocket& socket) {
  if (ended_ || !sessions_.options().upgrades || !state_.begin_probe(now())) return false;
  probe_ = &socket;
  arm();
  return true;
}

void EngineSession::on_probe_packet(const std::optional<Packet>& packet) {
  using ProbeStep = engineio::Session::ProbeStep;
  switch (packet ? state_.on_probe_packet(*packet, now()) : ProbeStep::Drop) {
    case ProbeStep::Answer:
      probe_->send({.type = PacketType::Pong, .data = engineio::kProbe}, Cause::Asked);
      return flush_poll();
    case ProbeStep::Upgrade:
      return upgrade();
    case ProbeStep::Drop:
      return drop_probe();
  }
}

void EngineSession::drop_probe() {
  state_.end_probe();
  if (EngineSocket* const socket = std::exchange(probe_, nullptr)) socket->leave();
}

/// What waits goes first, in its order. A client that has left its poll open is told that it is
/// over; real ones have none by now.
void EngineSession::upgrade() {
  socket_ = std::exchange(probe_, nullptr);
  if (polling_->poll_waits) answer_poll(payload_of(PacketType::Noop));
  const std::unique_ptr<Polling> polling = std::exchange(polling_, nullptr);
  if (!polling->payload.empty()) {
    engineio::PayloadReader waiting(polling->payload);
    while (!waiting.at_end()) {
      if (const auto packet = waiting.next()) socket_->send(*packet, Cause::Asked);
    }
  }
  if (polling->post_waits) {
    engineio::PayloadReader unread(polling->unread, polling->unread_form);
    while (!unread.at_end() && !ended_) take(unread.next());
    sessions_.answer(polling->post, taken_answer());
  }
  if (lingering_) return sessions_.retire(handle_);
  if (!ended_) application_->on_writable();
}

// --- Time ---------------------------------------------------------------------------------------

void EngineSession::on_time() {
  if (lingering_) return sessions_.retire(handle_);
  keep_time();
  if (!ended_ && polling_ && polling_->poll_waits && polling_->payload.empty()) {
    release_poll_if_due();
  }
}

void EngineSession::keep_time() {
  if (ended_) return;
  using TimeStep = engineio::Session::TimeStep;
  for (;;) {
    switch (state_.on_time(now(), times())) {
      case TimeStep::SendPing:
        send_packet({.type = PacketType::Ping}, Cause::Asked);
        break;
      case TimeStep::DropProbe:
        drop_probe();
        break;
      case TimeStep::Close:
        ++worker().probe().timeouts;
        return fail(state_.close_reason());
      case TimeStep::Wait:
        return arm();
    }
  }
}

engineio::SessionTimes EngineSession::times() const {
  engineio::SessionTimes times = sessions_.options().times;
  const bool may_ask = dialect_.version == engineio::Version::V4 && application_ != nullptr;
  if (may_ask) times.heartbeat = application_->heartbeat(times.heartbeat);
  return times;
}

Duration EngineSession::silence() const {
  const engineio::HeartbeatTimes heartbeat = times().heartbeat;
  return heartbeat.ping_interval + heartbeat.ping_timeout;
}

void EngineSession::arm() {
  TimePoint due = state_.deadline(times());
  if (polling_ && polling_->poll_waits)
    due = std::min(due, state_.poll_release_due().value_or(due));
  worker().reactor().timers().set(*this, due);
}

// --- Ends ---------------------------------------------------------------------------------------

void EngineSession::drain(Duration reconnect_after) {
  if (!ended_ && application_ != nullptr) application_->on_drain(reconnect_after);
}

Endpoint* EngineSession::endpoint() {
  return is_open() ? application_->endpoint() : nullptr;
}

/// A client that polls has what waits for it first, and is told by another poll: with the end in
/// the same answer, Socket.IO's client would pass over what came before it. One that is about to
/// upgrade polls no more, and is told once it has.
void EngineSession::close(CloseReason reason) {
  if (ended_) return;
  const bool is_all_told =
      socket_ != nullptr || (polling_->poll_waits && polling_->payload.empty());
  if (is_all_told) return end(reason, LastWord::Close);
  if (polling_->poll_waits) answer_poll(std::exchange(polling_->payload, {}));
  lingering_ = true;
  answer_post(taken_answer());
  tell_closed(reason);
  const Duration time = probe_ == nullptr ? kLingerTime : kLastUpgradeTime;
  worker().reactor().timers().set(*this, now() + time);
}

void EngineSession::say_last() {
  if (!polling_->payload.empty()) return answer_poll(std::exchange(polling_->payload, {}));
  answer_poll(payload_of(PacketType::Close));
  sessions_.retire(handle_);
}

/// Of the client's doing: what waits is lost with it.
void EngineSession::fail(CloseReason reason) {
  end(reason, reason == CloseReason::TransportClosed ? LastWord::Noop : LastWord::Close);
}

void EngineSession::on_socket_closed(EngineSocket& socket) {
  if (&socket == probe_) {
    probe_ = nullptr;
    return state_.end_probe();
  }
  if (&socket != socket_) return;
  socket_ = nullptr;
  end(CloseReason::TransportClosed, LastWord::Noop);
}

void EngineSession::end(CloseReason reason, LastWord word) {
  if (ended_) return;
  if (polling_ && polling_->poll_waits) {
    answer_poll(payload_of(word == LastWord::Noop ? PacketType::Noop : PacketType::Close));
  }
  const bool is_client_fault =
      reason == CloseReason::ParseError || reason == CloseReason::TransportError;
  answer_post(is_client_fault ? refusal_answer(engineio::Refusal::BadRequest) : taken_answer());
  tell_closed(reason);
  leave_sockets();
  worker().reactor().timers().cancel(*this);
  sessions_.retire(handle_);
}

void EngineSession::tell_closed(CloseReason reason) {
  ended_ = true;
  if (application_ != nullptr) application_->on_closed(reason);
}

void EngineSession::leave_sockets() {
  for (EngineSocket** const place : {&socket_, &probe_}) {
    if (EngineSocket* const socket = std::exchange(*place, nullptr)) socket->leave();
  }
}

}  // namespace carillon::transport
