#include "transport/socketio/channel_socket.hpp"

#include <algorithm>
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

/// Commands of one client whose replies are still to come; then its messages wait.
constexpr std::uint32_t kRunningCommands = 1024;

/// What a command counts that is answered with a page: more than eight must not be on their way.
constexpr std::uint32_t kPageWeight = kRunningCommands / 8;

/// The end of a token is looked at again after so long, since wall clocks are set.
constexpr Duration kLongestLook = std::chrono::minutes(1);

std::uint32_t weight_of(const native::Command& command) {
  return std::holds_alternative<native::History>(command) ? kPageWeight : 1;
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
    : session_(session),
      write_(session),
      caller_(std::move(caller)),
      seat_(std::move(seat)),
      opened_s_(seconds_of(session.worker().reactor().wall_clock())) {
  watch_connect();
}

ChannelSocket::~ChannelSocket() {
  worker().reactor().cancel(timer_);
  leave();
}

// --- Packets ------------------------------------------------------------------------------------

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
  running_ += kRunningCommands;
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
  is_connected_ = true;
  ++life_;
  write_.connect(hub::to_text(caller_.client));
  watch_expiry();
  if (is_connected_) join();
}

/// From here on the client is who its token names, and a session of its own.
Result<void, Problem> ChannelSocket::introduce(
    Result<std::optional<access::Identity>, Problem> named) {
  auto identity = TRY(std::move(named));
  Caller next = caller_;
  TRY(transport::connect(worker(), next, std::move(identity), {}));
  // Between two lives of the session nobody could tell it.
  const auto& claims = next.identity.claims;
  if (claims && worker().revocations().cover(*claims, worker().reactor().wall_clock())) {
    return std::unexpected(
        Problem{.code = ProblemCode::Unauthenticated, .detail = "the token has been revoked"});
  }
  if (caller_.identity.user().empty() && !next.identity.user().empty()) {
    std::unique_ptr<Seat> seat = TRY(take_seat(worker(), next, Comes::Named));
    if (seat_ && seat) {
      seat_->name_as(*seat);
    } else if (seat) {
      seat_ = std::move(seat);
    }
  }
  caller_ = std::move(next);
  caller_.client = worker().sessions().make_client_id();
  static_cast<void>(worker().sessions().claim(caller_.client, *this));  // fresh and at home here
  return {};
}

/// The client may connect again over the same session.
void ChannelSocket::on_disconnect() {
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
  if (auto admitted = admit(bytes); !admitted) return fail(packet.id, admitted.error());
  const auto text = command_text(packet, names());
  if (!text) return fail(packet.id, text.error());
  auto command = native::parse_command(*text);
  if (command) return run(packet.id, *std::move(command));
  fail(packet.id, {.code = command.error().code, .detail = command.error().message});
}

void ChannelSocket::fail(AckId ack, const Problem& problem) {
  ++worker().probe().command_errors;
  on_reply(ack, error_reply({}, problem));
}

// --- Commands -----------------------------------------------------------------------------------

Result<void, Problem> ChannelSocket::admit(std::size_t bytes) {
  if (!caller_.is_limited()) return {};
  spend_itself();
  return admit_message(worker(), caller_, bytes);
}

/// From here on what it spends is its own.
void ChannelSocket::spend_itself() {
  if (spending_) return;
  spending_ = std::make_unique<Spending>();
  caller_.spending = spending_.get();
}

bool ChannelSocket::has_room() const {
  return running_ < kRunningCommands;
}

void ChannelSocket::run(AckId ack, native::ParsedCommand command) {
  if (const auto* what = std::get_if<native::Subscribe>(&command.command)) {
    return subscribe(ack, *what);
  }
  if (const auto* what = std::get_if<native::Unsubscribe>(&command.command)) {
    return unsubscribe(ack, *what);
  }
  run_later(ack, std::move(command));
}

void ChannelSocket::run_later(AckId ack, native::ParsedCommand command) {
  const std::uint32_t weight = weight_of(command.command);
  running_ += weight;
  run_command(worker(), caller_, std::move(command), ack ? ReplyWhen::Always : ReplyWhen::Asked,
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

void ChannelSocket::end_command(std::uint32_t weight) {
  const bool waits = running_ >= kRunningCommands;
  running_ -= weight;
  if (waits && running_ < kRunningCommands) session_.resume();
}

/// Subscribes to what the token joins, as the client would without an acknowledgement.
void ChannelSocket::join() {
  const auto claims = caller_.identity.claims;
  if (!claims || claims->join.empty()) return;
  if (caller_.is_limited()) spend_itself();
  for (const std::string& channel : claims->join) {
    if (!session_.is_open()) return;
    native::Subscribe command;
    command.channel = channel;
    if (find(channel) == nullptr) subscribe({}, command);
  }
}

void ChannelSocket::subscribe(AckId ack, const native::Subscribe& command) {
  ++worker().probe().commands;
  if (auto valid = check_channel(command.channel); !valid) return fail(ack, valid.error());
  if (auto may = may_subscribe(command); !may) return fail(ack, may.error());
  if (find(command.channel) != nullptr) {
    return fail(ack, {.code = ProblemCode::Conflict,
                      .detail = "already subscribed to this channel; unsubscribe first"});
  }
  if (subscriptions_.size() >= worker().settings().session.subscriptions) {
    return fail(ack, {.code = ProblemCode::TooLarge, .detail = "too many subscriptions"});
  }
  if (auto admitted = admit_subscribe(worker(), caller_); !admitted) {
    return fail(ack, admitted.error());
  }
  begin_subscription(ack, command, Maker::Client);
}

/// What was published before is the history's, unless one goes on from a position.
Result<void, Problem> ChannelSocket::may_subscribe(const native::Subscribe& command) {
  TRY(require(worker(), caller_, access::Action::Subscribe, command.channel));
  if (!command.history) return {};
  TRY(require(worker(), caller_, access::Action::History, command.channel));
  return admit_history_read(worker(), caller_);
}

void ChannelSocket::begin_subscription(AckId ack, const native::Subscribe& command, Maker maker) {
  hub::SubscribeRequest request{.channel = command.channel,
                                .start = hub::Live{},
                                .echo = command.echo ? hub::Echo::Everything : hub::Echo::NotMyOwn,
                                .client = caller_.client};
  if (command.after) {
    request.start = hub::After{*command.after};
  } else if (command.history) {
    request.start = hub::Latest{};
    request.limit = *command.history;
  }
  // In its place before the call: the answer may come inside it, and may end it.
  const std::uint32_t weight = std::holds_alternative<hub::Live>(request.start) ? 1 : kPageWeight;
  running_ += weight;
  subscriptions_.push_back({.id = {},
                            .channel = command.channel,
                            .asking = std::make_unique<Asking>(ack, weight),
                            .is_servers = maker == Maker::Server});
  const hub::SubscriptionId subscription = worker().hub().subscribe(
      *this, std::move(request),
      [this, channel = command.channel](Result<hub::Subscribed, hub::BrokerError> answer) {
        on_answer(channel, std::move(answer));
      });
  if (Subscription* entry = find(command.channel)) {
    entry->id = subscription;
  } else {
    worker().hub().unsubscribe(subscription);
  }
}

void ChannelSocket::on_answer(const std::string& channel,
                              Result<hub::Subscribed, hub::BrokerError> answer) {
  const std::unique_ptr<Asking> asking = std::move(find(channel)->asking);
  end_command(asking->weight);
  if (answer) return on_subscribed(asking->ack, channel, *answer);
  std::erase_if(subscriptions_, [&](const auto& each) { return each.channel == channel; });
  fail(asking->ack, to_problem(answer.error()));
}

/// In order: what was missed, the acknowledgement, live ones. Where continuity is broken: the
/// acknowledgement, the gap, and what is retained after it, if one answer holds it.
void ChannelSocket::on_subscribed(AckId ack, Bytes channel, const hub::Subscribed& subscribed) {
  const bool sends_retained = !subscribed.recovered() && !subscribed.more_missed;
  if (subscribed.recovered()) write_.publications(subscribed.missed);
  const Position position = sends_retained ? subscribed.begin : subscribed.position;
  std::string out;
  native::append_ok(out, {},
                    native::Subscribed{.channel = channel,
                                       .position = position,
                                       .recovered = subscribed.recovered(),
                                       .contiguous = subscribed.contiguous,
                                       .more = subscribed.more_missed});
  write_.reply(ack, names().subscribed, out);
  if (!subscribed.recovered()) write_.gap(channel, position);
  if (sends_retained) write_.publications(subscribed.missed);
}

void ChannelSocket::unsubscribe(AckId ack, const native::Unsubscribe& command) {
  ++worker().probe().commands;
  Subscription* const subscription = find(command.channel);
  if (subscription == nullptr) {
    return fail(ack, {.code = ProblemCode::NotFound, .detail = "not subscribed to this channel"});
  }
  end_subscription(*subscription);
  if (!ack) return;
  std::string out;
  native::append_ok(out, {});
  write_.reply(ack, {}, out);
}

void ChannelSocket::end_subscription(Subscription& subscription) {
  worker().hub().unsubscribe(subscription.id);
  const std::unique_ptr<Asking> unanswered = std::move(subscription.asking);
  if (unanswered) end_command(unanswered->weight);
  if (&subscription != &subscriptions_.back()) subscription = std::move(subscriptions_.back());
  subscriptions_.pop_back();
  if (unanswered) {
    fail(unanswered->ack,
         {.code = ProblemCode::Conflict, .detail = "unsubscribed before it began"});
  }
}

// --- Deliveries and other news ------------------------------------------------------------------

void ChannelSocket::on_delivery(const hub::Delivery& delivery) {
  delivery.for_each_piece([this](const SharedBytes& piece) { session_.send_frames(piece); });
}

void ChannelSocket::on_gap(hub::SubscriptionId subscription, const Position& position) {
  if (const Subscription* found = find(subscription)) write_.gap(found->channel, position);
}

void ChannelSocket::on_replaced(hub::ClientId /*client*/) {
  close(ProblemCode::Replaced, false, Duration::zero());
}

void ChannelSocket::on_writable() {
  // By index: a delivery may end the client.
  for (std::size_t i = 0; i < subscriptions_.size(); ++i) {
    worker().hub().on_drained(subscriptions_[i].id);
  }
}

// --- What back ends ask for ---------------------------------------------------------------------

std::vector<Bytes> ChannelSocket::channels() const {
  std::vector<Bytes> channel_names;
  for (const Subscription& each : subscriptions_) channel_names.emplace_back(each.channel);
  return channel_names;
}

void ChannelSocket::expel(ProblemCode code, bool reconnect) {
  close(code, reconnect, Duration::zero());
}

/// Told to the client by the event `subscribed`.
bool ChannelSocket::add_channel(Bytes channel) {
  if (!is_connected_) return false;
  if (Subscription* const heard = find(channel)) {
    heard->is_servers = true;
    return false;
  }
  if (subscriptions_.size() >= worker().settings().session.subscriptions) return false;
  native::Subscribe command;
  command.channel = channel;
  begin_subscription({}, command, Maker::Server);
  return true;
}

bool ChannelSocket::remove_channel(Bytes channel) {
  Subscription* const subscription = is_connected_ ? find(channel) : nullptr;
  if (subscription == nullptr) return false;
  end_subscription(*subscription);
  write_.unsubscribed(channel);
  return true;
}

// --- Ends ---------------------------------------------------------------------------------------

/// A client that is to come back loses its connection: its library connects again by itself, which
/// it does not after a disconnect packet.
void ChannelSocket::close(ProblemCode code, bool reconnect, Duration wait) {
  if (!session_.is_open()) return;
  if (is_connected_) {
    write_.closing({.code = code,
                    .reconnect = reconnect,
                    .wait = std::chrono::duration_cast<std::chrono::milliseconds>(wait)});
  }
  if (is_connected_ && !reconnect) write_.disconnect();
  session_.close(code == ProblemCode::Shutdown ? CloseReason::ServerShuttingDown
                                               : CloseReason::ForcedClose);
}

/// A client that goes on after it was told so often is told once more, and cut.
void ChannelSocket::cut_if_over() {
  if (spending_ && spending_->is_over) close(ProblemCode::RateLimited, true, kBreachWait);
}

void ChannelSocket::on_slow() {
  close(ProblemCode::Slow, true, std::chrono::seconds(1));
}

void ChannelSocket::on_drain(Duration reconnect_after) {
  close(ProblemCode::Shutdown, true, reconnect_after);
}

void ChannelSocket::on_closed(CloseReason /*reason*/) {
  worker().reactor().cancel(timer_);
  leave();
  is_connected_ = false;
}

void ChannelSocket::leave() {
  for (const Subscription& subscription : std::exchange(subscriptions_, {})) {
    worker().hub().unsubscribe(subscription.id);
    if (subscription.asking) running_ -= subscription.asking->weight;
  }
  worker().sessions().release(caller_.client, *this);
}

/// Who opens a session and does not connect has no use for it.
void ChannelSocket::watch_connect() {
  net::Reactor& reactor = worker().reactor();
  reactor.cancel(timer_);
  timer_ = reactor.after(worker().settings().socketio.connect_time,
                         [this] { close(ProblemCode::Idle, true, Duration::zero()); });
}

void ChannelSocket::watch_expiry() {
  net::Reactor& reactor = worker().reactor();
  reactor.cancel(timer_);
  timer_ = {};
  const TimePoint end = expiry_of(worker(), caller_.identity);
  if (end == TimePoint::max()) return;
  const Duration left = end - reactor.now();
  if (left <= Duration::zero()) return close(ProblemCode::Expired, true, Duration::zero());
  timer_ = reactor.after(std::min(left, kLongestLook), [this] { watch_expiry(); });
}

ChannelSocket::Subscription* ChannelSocket::find(Bytes channel) {
  const auto found = std::ranges::find(subscriptions_, channel, &Subscription::channel);
  return found == subscriptions_.end() ? nullptr : &*found;
}

ChannelSocket::Subscription* ChannelSocket::find(hub::SubscriptionId id) {
  const auto found = std::ranges::find(subscriptions_, id, &Subscription::id);
  return found == subscriptions_.end() ? nullptr : &*found;
}

}  // namespace carillon::transport
