#include "transport/websocket/endpoint.hpp"

#include <algorithm>
#include <utility>
#include <variant>

#include "net/reactor.hpp"
#include "protocol/native/encode.hpp"
#include "protocol/websocket/frame.hpp"
#include "transport/common/commands.hpp"
#include "transport/common/operations.hpp"

namespace carillon::transport {
namespace {

using native::ProblemCode;

/// The end of a token is looked at again after so long, since wall clocks are set.
constexpr Duration kLongestLook = std::chrono::minutes(1);

websocket::CloseCode close_code(ProblemCode code) {
  return static_cast<websocket::CloseCode>(native::problem_info(code).close_code);
}

}  // namespace

WebSocketEndpoint::WebSocketEndpoint(Worker& worker, Caller caller, std::unique_ptr<Seat> seat,
                                     const websocket::Accept& accept)
    : WebSocketConnection(worker, worker.settings().websocket, accept.deflate),
      caller_(std::move(caller)),
      encoding_(accept.subprotocol == kCborSubprotocol ? native::Encoding::Cbor
                                                       : native::Encoding::Json),
      opened_s_(seconds_of(worker.reactor().wall_clock())),
      seat_(std::move(seat)) {}

WebSocketEndpoint::~WebSocketEndpoint() {
  worker().reactor().cancel(expiry_);
  leave();
}

void WebSocketEndpoint::open(net::ByteStream& stream) {
  begin(stream);
  static_cast<void>(worker().sessions().claim(caller_.client, *this));  // fresh and at home here
  std::string out;
  native::append_welcome(out, make_welcome(worker(), caller_).view(worker()), encoding_);
  send_news(out);
  watch_expiry();
  join();
  if (worker().draining()) drain(worker().reconnect_after());
}

// --- What the peer sends ----------------------------------------------------------------------

void WebSocketEndpoint::on_message(const websocket::Message& message) {
  const bool is_json = encoding_ == native::Encoding::Json;
  if (message.opcode != opcode_of(encoding_)) {
    ++worker().probe().protocol_errors;
    return send_close(websocket::CloseCode::UnsupportedData,
                      is_json ? "this subprotocol has text messages only"
                              : "this subprotocol has binary messages only");
  }
  auto command = is_json ? native::parse_command(message.payload)
                         : native::parse_cbor_command(message.payload);
  if (auto admitted = admit(message.payload.size()); !admitted) {
    return fail(command ? command->id : command.error().id, admitted.error());
  }
  if (command) return run(std::move(*command));
  ++worker().probe().commands;
  ++worker().probe().command_errors;
  send_reply(error_reply(command.error()));
}

Result<void, Problem> WebSocketEndpoint::admit(std::size_t bytes) {
  if (!caller_.is_limited()) return {};
  spend_itself();
  return admit_message(worker(), caller_, bytes);
}

/// From here on what it spends is its own.
void WebSocketEndpoint::spend_itself() {
  if (spending_) return;
  spending_ = std::make_unique<Spending>();
  caller_.spending = spending_.get();
}

bool WebSocketEndpoint::has_room() const {
  return running_ < kRunningCommands;
}

void WebSocketEndpoint::on_writable() {
  // By index: a delivery may end the endpoint.
  for (std::size_t i = 0; i < subscriptions_.size(); ++i) {
    worker().hub().on_drained(subscriptions_[i].id);
  }
}

// --- Commands ---------------------------------------------------------------------------------

std::uint32_t WebSocketEndpoint::weight_of(const native::Command& command) {
  const bool reads = std::holds_alternative<native::History>(command) ||
                     std::holds_alternative<native::Presence>(command);
  return reads ? kPageWeight : 1;
}

void WebSocketEndpoint::run(native::ParsedCommand command) {
  if (auto* what = std::get_if<native::Connect>(&command.command)) {
    return connect(std::move(command.id), std::move(*what));
  }
  if (const auto* what = std::get_if<native::Subscribe>(&command.command)) {
    return subscribe(std::move(command.id), *what);
  }
  if (const auto* what = std::get_if<native::Unsubscribe>(&command.command)) {
    return unsubscribe(command.id, *what);
  }
  if (auto* what = std::get_if<native::Publish>(&command.command)) {
    if (!fill_channel(command.id, what->channel)) return;
  } else if (auto* ephemeral = std::get_if<native::Ephemeral>(&command.command)) {
    if (!fill_channel(command.id, ephemeral->channel)) return;
  }
  run_later(std::move(command));
}

void WebSocketEndpoint::run_later(native::ParsedCommand command) {
  const std::uint32_t weight = weight_of(command.command);
  const Compress compress = compression_of_reply(command.command);
  running_ += weight;
  run_command(worker(), caller_, std::move(command), ReplyWhen::Asked,
              [&worker = worker(), handle = handle(), weight, compress](std::string reply) {
                if (Drainable** found = worker.drainables().find(handle)) {
                  static_cast<WebSocketEndpoint*>(*found)->on_reply(reply, weight, compress);
                }
              });
}

/// A page holds what the namespace may not want compressed.
WebSocketEndpoint::Compress WebSocketEndpoint::compression_of_reply(
    const native::Command& command) const {
  const auto* page = std::get_if<native::History>(&command);
  const bool allowed =
      page == nullptr || worker().settings().websocket.compression.allows(page->channel);
  return allowed ? Compress::IfSmaller : Compress::No;
}

void WebSocketEndpoint::on_reply(Bytes reply, std::uint32_t weight, Compress compress) {
  end_command(weight);
  if (!reply.empty()) send_reply(reply, compress);
  cut_if_over();
}

void WebSocketEndpoint::end_command(std::uint32_t weight) {
  const bool waits = running_ >= kRunningCommands;
  running_ -= weight;
  if (waits && running_ < kRunningCommands) resume_soon();
}

/// Nothing that comes behind it is begun before it is done.
void WebSocketEndpoint::connect(std::string id, native::Connect command) {
  ++worker().probe().commands;
  running_ += kRunningCommands;
  auto named = [&worker = worker(), handle = handle(), id = std::move(id), command](auto who) {
    Drainable** found = worker.drainables().find(handle);
    if (found == nullptr) return;
    auto& endpoint = static_cast<WebSocketEndpoint&>(**found);
    endpoint.end_command(kRunningCommands);
    if (endpoint.is_open()) endpoint.on_named(id, command, std::move(who));
  };
  name(worker(), command, std::move(named));
}

void WebSocketEndpoint::on_named(Bytes id, const native::Connect& command,
                                 Result<std::optional<access::Identity>, Problem> named) {
  if (!named) return fail(id, named.error());
  Caller next = caller_;
  if (auto done = transport::connect(worker(), next, *std::move(named), command.session); !done) {
    return fail(id, done.error());
  }
  if (auto kept = may_keep_subscriptions(next); !kept) return fail(id, kept.error());
  const bool is_named_now = caller_.identity.user().empty() && !next.identity.user().empty();
  std::unique_ptr<Seat> seat;
  if (is_named_now) {
    auto taken = take_seat(worker(), next, Comes::Named);
    if (!taken) return fail(id, taken.error());
    seat = *std::move(taken);
  }
  if (command.session) {
    if (auto claimed = worker().sessions().claim(next.client, *this); !claimed) {
      return fail(id, to_problem(claimed.error()));
    }
    if (next.client != caller_.client) worker().sessions().release(caller_.client, *this);
  }
  const Caller before = std::exchange(caller_, std::move(next));
  attend_as(before);
  if (seat_ && seat) {
    seat_->name_as(*seat);
  } else if (seat) {
    seat_ = std::move(seat);
  }
  watch_expiry();
  if (!id.empty()) {
    std::string out;
    native::append_ok(out, id, make_welcome(worker(), caller_).view(worker()), encoding_);
    send_reply(out);
  }
  join();
}

/// Subscribes to what the token joins, as the client would without an `id`.
void WebSocketEndpoint::join() {
  const auto claims = caller_.identity.claims;
  if (!claims || claims->join.empty()) return;
  if (caller_.is_limited()) spend_itself();
  for (const std::string& channel : claims->join) {
    if (!is_open()) return;
    if (find(channel) != nullptr) continue;
    native::Subscribe command;
    command.channel = channel;
    subscribe({}, command);
  }
}

/// A new token must not leave the client with what it does not allow, and no back end has given.
Result<void, Problem> WebSocketEndpoint::may_keep_subscriptions(const Caller& caller) {
  for (const Subscription& each : subscriptions_) {
    if (each.is_servers) continue;
    TRY(require(worker(), caller, access::Action::Subscribe, each.channel));
  }
  return {};
}

bool WebSocketEndpoint::fill_channel(Bytes id, std::optional<std::string>& channel) {
  if (channel) return true;
  const auto is_asked_for = [](const Subscription& each) { return !each.is_own; };
  if (std::ranges::count_if(subscriptions_, is_asked_for) == 1) {
    channel = std::ranges::find_if(subscriptions_, is_asked_for)->channel;
    return true;
  }
  fail(id, {.code = ProblemCode::BadRequest,
            .detail = "'channel' is missing; it may be left out only where exactly one channel "
                      "is subscribed to"});
  return false;
}

// --- Deliveries and other news ----------------------------------------------------------------

void WebSocketEndpoint::on_delivery(const hub::Delivery& delivery) {
  delivery.for_each_piece([this](const SharedBytes& piece) { send_shared(piece); });
  limit_outbox();
}

void WebSocketEndpoint::on_gap(hub::SubscriptionId subscription, const Position& position) {
  if (const Subscription* found = find(subscription)) send_gap(found->channel, position);
}

void WebSocketEndpoint::on_replaced(hub::ClientId /*client*/) {
  close(ProblemCode::Replaced, false, Duration::zero());
}

void WebSocketEndpoint::drain(Duration reconnect_after) {
  close(ProblemCode::Shutdown, true, reconnect_after);
}

// --- What back ends ask for -------------------------------------------------------------------

std::vector<Bytes> WebSocketEndpoint::channels() const {
  std::vector<Bytes> names;
  for (const Subscription& each : subscriptions_) {
    if (!each.is_own) names.emplace_back(each.channel);
  }
  return names;
}

void WebSocketEndpoint::expel(ProblemCode code, bool reconnect) {
  close(code, reconnect, Duration::zero());
}

/// Told to the client by the `ok` of a `subscribe` without an `id`.
bool WebSocketEndpoint::add_channel(Bytes channel) {
  if (!is_open()) return false;
  if (Subscription* const heard = find(channel)) {
    heard->is_servers = true;  // whatever a later token of the client's says
    return false;
  }
  if (subscriptions_.size() >= worker().settings().session.subscriptions) return false;
  native::Subscribe command;
  command.channel = channel;
  begin_subscription({}, command, Maker::Server);
  return true;
}

bool WebSocketEndpoint::remove_channel(Bytes channel) {
  Subscription* const subscription = is_open() ? find(channel) : nullptr;
  if (subscription == nullptr) return false;
  end_subscription(*subscription);
  std::string out;
  native::append_unsubscribed(out, channel, encoding_);
  send_news(out);
  return true;
}

// --- Writing ----------------------------------------------------------------------------------

void WebSocketEndpoint::send_reply(Bytes object, Compress compress) {
  if (!is_open()) return;
  allow_for(object.size());
  send_message(opcode_of(encoding_), object, compress);
}

void WebSocketEndpoint::send_news(Bytes object) {
  if (!is_open()) return;
  send_message(opcode_of(encoding_), object, Compress::IfSmaller);
  limit_outbox();
}

void WebSocketEndpoint::send_publications(std::span<const hub::PublicationPtr> publications) {
  if (!is_open() || publications.empty()) return;
  std::string frames;
  for (const hub::PublicationPtr& publication : publications) {
    append_frame(frames, *publication, form(), worker().settings().websocket.compression,
                 worker().deflate_pool());
  }
  allow_for(frames.size());
  send_shared(SharedBytes(frames));
}

void WebSocketEndpoint::send_gap(Bytes channel, const Position& position) {
  std::string out;
  native::append_gap(out, {.channel = channel, .position = position}, encoding_);
  send_news(out);
}

void WebSocketEndpoint::fail(Bytes id, const Problem& problem) {
  ++worker().probe().command_errors;
  send_reply(error_reply(id, problem, encoding_));
  cut_if_over();
}

// --- Ends -------------------------------------------------------------------------------------

void WebSocketEndpoint::close(ProblemCode code, bool reconnect, Duration wait) {
  if (!is_open()) return;
  const bool is_for_good = !reconnect && code != ProblemCode::Replaced;
  if (is_for_good || code == ProblemCode::Revoked) part(hub::LeaveCause::Ended, Duration::zero());
  std::string out;
  native::append_closing(out,
                         {.code = code,
                          .reconnect = reconnect,
                          .wait = std::chrono::duration_cast<std::chrono::milliseconds>(wait)},
                         encoding_);
  send_frame(opcode_of(encoding_), out);
  send_close(close_code(code), native::problem_info(code).text);
}

/// A client that goes on after it was told so often is told once more, and cut.
void WebSocketEndpoint::cut_if_over() {
  if (spending_ && spending_->is_over) close(ProblemCode::RateLimited, true, kBreachWait);
}

void WebSocketEndpoint::watch_expiry() {
  net::Reactor& reactor = worker().reactor();
  reactor.cancel(expiry_);
  expiry_ = {};
  const TimePoint end = expiry_of(worker(), caller_.identity);
  if (end == TimePoint::max()) return;
  const Duration left = end - reactor.now();
  if (left <= Duration::zero()) return close(ProblemCode::Expired, true, Duration::zero());
  expiry_ = reactor.after(std::min(left, kLongestLook), [this] { watch_expiry(); });
}

void WebSocketEndpoint::leave() {
  for (Subscription& subscription : subscriptions_) worker().hub().unsubscribe(subscription.id);
  subscriptions_.clear();
  memberships_.reset();
  worker().sessions().release(caller_.client, *this);
}

WebSocketEndpoint::Subscription* WebSocketEndpoint::find(Bytes channel) {
  const auto found = std::ranges::find(subscriptions_, channel, &Subscription::channel);
  return found == subscriptions_.end() ? nullptr : &*found;
}

WebSocketEndpoint::Subscription* WebSocketEndpoint::find(hub::SubscriptionId id) {
  const auto found = std::ranges::find(subscriptions_, id, &Subscription::id);
  return found == subscriptions_.end() ? nullptr : &*found;
}

}  // namespace carillon::transport
