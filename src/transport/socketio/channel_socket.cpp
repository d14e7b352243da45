#include "transport/socketio/channel_socket.hpp"

#include <algorithm>
#include <charconv>
#include <string>
#include <system_error>
#include <utility>
#include <variant>

#include "net/reactor.hpp"
#include "protocol/json/object.hpp"
#include "protocol/native/encode.hpp"
#include "protocol/native/json_members.hpp"
#include "protocol/native/limits.hpp"
#include "protocol/native/parse.hpp"
#include "transport/common/commands.hpp"
#include "transport/common/operations.hpp"
#include "transport/socketio/channel_command.hpp"
#include "transport/socketio/engine_sessions.hpp"

namespace carillon::transport {
namespace {

using engineio::CloseReason;
using engineio::DataKind;
using native::ProblemCode;

/// The reply to `ack` goes by its number.
std::string asker_of(AckId ack) {
  return ack ? std::to_string(*ack) : std::string();
}

AckId ack_of(Bytes asker) {
  std::uint64_t ack = 0;
  const auto [end, error] = std::from_chars(asker.data(), asker.data() + asker.size(), ack);
  if (asker.empty() || error != std::errc()) return std::nullopt;
  return ack;
}

/// The token of CONNECT's payload, `{"token":…}`; an object without one is as good as none.
Result<std::optional<std::string>, Problem> token_of(Bytes payload) {
  if (payload.empty()) return std::nullopt;
  const auto auth = json::parse_object(payload);
  if (!auth) return std::nullopt;
  const native::JsonMembers members(*auth);
  if (!members.has("token")) return std::nullopt;
  auto token = members.text("token");
  if (token && token->size() <= native::kMaxTokenBytes) return token;
  return std::unexpected(
      Problem{.code = ProblemCode::BadRequest, .detail = "the auth's \"token\" is no token"});
}

}  // namespace

ChannelSocket::ChannelSocket(EngineSession& session, Caller caller, std::unique_ptr<Seat> seat)
    : ChannelClient(session.worker(), std::move(caller), std::move(seat)),
      session_(session),
      write_(session) {
  watch_connect();
}

ChannelSocket::~ChannelSocket() {
  worker().reactor().cancel(connect_timer_);
}

// --- Packets ------------------------------------------------------------------------------------

/// Clients of version 2 are in the main Socket.IO namespace without asking.
void ChannelSocket::on_open() {
  if (session_.dialect().version != engineio::Version::V3) return;
  socketio::Packet connect;
  connect.type = socketio::PacketType::Connect;
  on_connect(connect);
}

void ChannelSocket::on_message(DataKind kind, Bytes data) {
  auto packet = decode(kind, data);
  if (!packet) {
    ++worker().probe().protocol_errors;
    return session_.close(CloseReason::ParseError);
  }
  if (!*packet) return;
  decoder_ = nullptr;
  if ((*packet)->type == socketio::PacketType::Event) return on_event(**packet, data.size());
  on_packet(**packet);
}

/// Nothing is kept between two packets.
Result<std::optional<socketio::Packet>, socketio::Error> ChannelSocket::decode(DataKind kind,
                                                                               Bytes data) {
  if (!decoder_) decoder_ = std::make_unique<socketio::Decoder>();
  return kind == DataKind::Text ? decoder_->on_text(data) : decoder_->on_binary(data);
}

/// What makes no sense here and now ends the session, as Socket.IO's own server has it.
void ChannelSocket::on_packet(const socketio::Packet& packet) {
  using Type = socketio::PacketType;
  const bool is_main = packet.name_space == socketio::kMainNamespace;
  if (packet.type == Type::Connect && !is_main) {
    return write_.refuse(packet.name_space,
                         {.code = ProblemCode::NotFound, .detail = "Invalid namespace"});
  }
  if (packet.type == Type::Connect && !is_connected_) return on_connect(packet);
  const bool is_expected = is_main && is_connected_;
  if (is_expected && packet.type == Type::Disconnect) return on_disconnect();
  if (is_expected && packet.type == Type::Ack) return;  // we ask for none
  ++worker().probe().protocol_errors;
  session_.close(CloseReason::ParseError);
}

/// Nothing that comes behind it is taken before it is known who that is.
void ChannelSocket::on_connect(const socketio::Packet& packet) {
  auto token = token_of(packet.data);
  if (!token) return write_.refuse(packet.name_space, token.error());
  native::Connect command;
  command.token = *std::move(token);
  begin_command(kRunningCommands);
  name(worker(), command,
       [&sessions = session_.sessions(), handle = session_.handle()](auto named) {
         EngineSession* const session = sessions.find(handle);
         if (session == nullptr || !session->is_open()) return;
         auto* const socket = static_cast<ChannelSocket*>(session->application());
         socket->end_command(kRunningCommands);
         socket->on_named(std::move(named));
       });
}

void ChannelSocket::on_named(Result<std::optional<access::Identity>, Problem> named) {
  auto introduced = introduce(std::move(named));
  if (!introduced) return write_.refuse(socketio::kMainNamespace, introduced.error());
  worker().reactor().cancel(connect_timer_);
  is_connected_ = true;
  ++life_;
  write_.connect(hub::to_text(caller().client));
  watch_expiry();
  if (is_connected_) join();
}

/// From here on the client is who its token names, and a session of its own.
Result<void, Problem> ChannelSocket::introduce(
    Result<std::optional<access::Identity>, Problem> named) {
  auto identity = TRY(std::move(named));
  Caller next = caller();
  TRY(transport::connect(worker(), next, std::move(identity), {}));
  // Between two lives of the session nobody could tell it.
  const auto& claims = next.identity.claims;
  if (claims && worker().revocations().cover(*claims, worker().reactor().wall_clock())) {
    return std::unexpected(
        Problem{.code = ProblemCode::Unauthenticated, .detail = "the token has been revoked"});
  }
  std::unique_ptr<Seat> seat = TRY(seat_for(next));
  next.client = worker().sessions().make_client_id();
  become(std::move(next), std::move(seat));
  // Fresh, and at home here.
  static_cast<void>(worker().sessions().claim(caller().client, holder()));
  return {};
}

/// The client may connect again over the same session.
void ChannelSocket::on_disconnect() {
  part(hub::LeaveCause::Closed);
  leave();
  is_connected_ = false;
  watch_connect();
}

void ChannelSocket::on_event(const socketio::Packet& packet, std::size_t bytes) {
  if (packet.name_space != socketio::kMainNamespace || !is_connected_) {
    ++worker().probe().protocol_errors;
    return session_.close(CloseReason::ParseError);
  }
  for (const std::string& attachment : packet.attachments) bytes += attachment.size();
  const std::string asker = asker_of(packet.id);
  if (auto admitted = admit(bytes); !admitted) return fail(asker, admitted.error());
  const auto text = command_text(packet, names());
  if (!text) return fail(asker, text.error());
  auto command = native::parse_command(*text);
  if (command) return run(packet.id, *std::move(command));
  fail(asker, {.code = command.error().code, .detail = command.error().message});
}

// --- Commands -----------------------------------------------------------------------------------

void ChannelSocket::run(AckId ack, native::ParsedCommand command) {
  if (const auto* what = std::get_if<native::Subscribe>(&command.command)) {
    return subscribe(asker_of(ack), *what);
  }
  if (const auto* what = std::get_if<native::Unsubscribe>(&command.command)) {
    return unsubscribe(asker_of(ack), *what);
  }
  run_later(ack, std::move(command));
}

void ChannelSocket::run_later(AckId ack, native::ParsedCommand command) {
  const std::uint32_t weight = weight_of(command.command);
  begin_command(weight);
  run_command(worker(), caller(), std::move(command), ack ? ReplyWhen::Always : ReplyWhen::Asked,
              [&sessions = session_.sessions(), handle = session_.handle(), life = life_, ack,
               weight](const std::string& reply) {
                EngineSession* const session = sessions.find(handle);
                if (session == nullptr || !session->is_open()) return;
                auto* const socket = static_cast<ChannelSocket*>(session->application());
                socket->end_command(weight);
                if (socket->life_ == life) socket->on_reply(ack, reply);
              });
}

void ChannelSocket::on_reply(AckId ack, Bytes reply) {
  if (reply.empty() || !is_connected_) return;
  write_.reply(ack, names().error, reply);
  cut_if_over();
}

// --- What the client is told --------------------------------------------------------------------

void ChannelSocket::on_delivery(const hub::Delivery& delivery) {
  delivery.for_each_piece([this](const SharedBytes& piece) { session_.send_frames(piece); });
}

void ChannelSocket::say_done(const Asker& asker) {
  std::string out;
  native::append_ok(out, {});
  write_.reply(ack_of(asker), {}, out);
}

void ChannelSocket::say_failure(const Asker& asker, const Problem& problem) {
  if (is_connected_) write_.reply(ack_of(asker), names().error, error_reply({}, problem));
}

void ChannelSocket::say_subscribed(const Asker& asker, const native::Subscribed& subscribed) {
  std::string out;
  native::append_ok(out, {}, subscribed);
  write_.reply(ack_of(asker), names().subscribed, out);
}

void ChannelSocket::say_unsubscribed(Bytes channel) {
  write_.unsubscribed(channel);
}

void ChannelSocket::say_publications(std::span<const hub::PublicationPtr> publications) {
  write_.publications(publications);
}

void ChannelSocket::say_gap(Bytes channel, const Position& position) {
  write_.gap(channel, position);
}

// --- Ends ---------------------------------------------------------------------------------------

/// A client that is to come back loses its connection: its library connects again by itself, which
/// it does not after a disconnect packet.
void ChannelSocket::close(ProblemCode code, bool reconnect, Duration wait) {
  if (!session_.is_open()) return;
  part_for(code, reconnect);
  if (is_connected_) {
    write_.closing({.code = code,
                    .reconnect = reconnect,
                    .wait = std::chrono::duration_cast<std::chrono::milliseconds>(wait)});
  }
  if (is_connected_ && !reconnect) write_.disconnect();
  session_.close(code == ProblemCode::Shutdown ? CloseReason::ServerShuttingDown
                                               : CloseReason::ForcedClose);
}

void ChannelSocket::on_slow() {
  close(ProblemCode::Slow, true, std::chrono::seconds(1));
}

void ChannelSocket::on_drain(Duration reconnect_after) {
  close(ProblemCode::Shutdown, true, reconnect_after);
}

/// Where others see the client its silence shows within their lease.
engineio::HeartbeatTimes ChannelSocket::heartbeat(const engineio::HeartbeatTimes& usual) const {
  if (!is_present()) return usual;
  return {.ping_interval = std::min(usual.ping_interval, lease_part()),
          .ping_timeout = std::min(usual.ping_timeout, lease_part())};
}

void ChannelSocket::on_closed(CloseReason reason) {
  if (reason == CloseReason::PingTimeout) part_as_lost(session_.silence());
  worker().reactor().cancel(connect_timer_);
  leave();
  is_connected_ = false;
}

/// Who opens a session and does not connect has no use for it.
void ChannelSocket::watch_connect() {
  net::Reactor& reactor = worker().reactor();
  reactor.cancel(connect_timer_);
  connect_timer_ = reactor.after(worker().settings().socketio.connect_time,
                                 [this] { close(ProblemCode::Idle, true, Duration::zero()); });
}

}  // namespace carillon::transport
