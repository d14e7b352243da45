#include "transport/sse/event_stream.hpp"

#include <algorithm>
#include <utility>

#include "core/check.hpp"
#include "hub/limits.hpp"
#include "hub/presence_desk.hpp"
#include "net/reactor.hpp"
#include "protocol/native/encode.hpp"
#include "protocol/sse/encode.hpp"
#include "transport/common/after_flush.hpp"
#include "transport/common/channel_query.hpp"
#include "transport/common/introduction.hpp"
#include "transport/common/operations.hpp"
#include "transport/common/page_merge.hpp"
#include "transport/common/problem.hpp"
#include "transport/sse/wire_form.hpp"

namespace carillon::transport {
namespace {

std::string event_text(Bytes name, Bytes data) {
  std::string out;
  CARILLON_CHECK(sse::append_body(out, name, data));
  return out;
}

ResponseHead stream_head() {
  ResponseHead head{.status = 200, .fields = {}};
  head.fields.add("Content-Type", "text/event-stream; charset=utf-8");
  head.fields.add("Cache-Control", "no-store, no-transform");
  head.fields.add("X-Accel-Buffering", "no");
  return head;
}

}  // namespace

EventStream::EventStream(Worker& worker, Exchange& exchange, Wish wish, const Caller& caller,
                         std::unique_ptr<Seat> seat)
    : worker_(worker),
      exchange_(exchange),
      positions_(std::move(wish.positions)),
      beginning_(std::make_unique<Beginning>()),
      identity_(caller.identity),
      client_(caller.client),
      seat_(std::move(seat)),
      opened_s_(seconds_of(worker.reactor().wall_clock())),
      pace_ms_(static_cast<std::uint32_t>(wish.pace.count())),
      open_(worker.probe(), TransportKind::Sse) {
  beginning_->answers.resize(wish.channels.size());
  beginning_->unanswered = wish.channels.size();
  channels_.reserve(wish.channels.size());
  for (std::string& name : wish.channels) {
    const hub::Hearing hearing = hearing_of(worker, caller, name);
    channels_.push_back({.name = std::move(name), .subscription = {}, .hearing = hearing});
  }
}

EventStream::~EventStream() {
  leave();
}

void EventStream::start() {
  exchange_.start(stream_head(), StreamEnd::Connection);
  std::string retry;
  sse::append_retry(retry, worker_.settings().stream.retry);
  send(retry);
  wake_within(worker_.settings().stream.heartbeat);
  for (std::size_t i = 0; i < channels_.size() && phase_ != Phase::Ended; ++i) subscribe(i);
}

// --- Beginning --------------------------------------------------------------------------------

void EventStream::subscribe(std::size_t index) {
  hub::SubscribeRequest request{.channel = channels_[index].name,
                                .start = hub::Live{},
                                .overflow = hub::Overflow::ReadOn,
                                .hearing = channels_[index].hearing};
  if (positions_[index]) request.start = hub::After{*positions_[index]};
  const hub::SubscriptionId id = worker_.hub().subscribe(
      *this, std::move(request), [this, index](Result<hub::Subscribed, hub::BrokerError> result) {
        on_subscribed(index, std::move(result));
      });
  if (phase_ == Phase::Ended || channels_[index].catching_up) {
    worker_.hub().unsubscribe(id);
  } else {
    channels_[index].subscription = id;
  }
}

void EventStream::on_subscribed(std::size_t index,
                                Result<hub::Subscribed, hub::BrokerError> result) {
  if (!result) return end(native::ProblemCode::Unavailable, true, std::chrono::seconds(1));
  channels_[index].contiguous = result->contiguous;
  channels_[index].catching_up = !result->joined;
  if (phase_ == Phase::Starting) {
    on_first_answer(index, std::move(*result));
  } else {
    on_next_answer(index, *result);
  }
}

void EventStream::on_first_answer(std::size_t index, hub::Subscribed subscribed) {
  beginning_->answers[index] = std::move(subscribed);
  if (--beginning_->unanswered == 0) begin();
}

/// Everybody's start is known: gaps first, then where each channel stands, then what was missed.
void EventStream::begin() {
  phase_ = Phase::Live;
  const auto beginning = std::move(beginning_);
  std::vector<hub::Subscribed>& answers = beginning->answers;
  std::vector<ChannelPart> parts;
  bool recovered = true;
  for (std::size_t i = 0; i < answers.size(); ++i) {
    positions_[i] = answers[i].begin;
    if (!answers[i].recovered()) {
      recovered = false;
      send_gap(i, answers[i].begin);
    }
    parts.push_back({.publications = std::move(answers[i].missed),
                     .begin = answers[i].begin,
                     .end = answers[i].missed_until});
  }
  send_position_event(recovered);
  const std::size_t everything = parts.size() * hub::limits::kPagePublications;
  send_missed(merge_parts(std::move(parts), everything, MergeKeep::Oldest).publications);
  send_early(beginning->early);
  attend();
  // Not at once: this may run inside the call of subscribe() whose id is not known yet.
  if (std::ranges::any_of(channels_, &Channel::catching_up)) wake_within(Duration::zero());
}

void EventStream::attend() {
  if (!client_ || phase_ != Phase::Live) return;
  for (const Channel& channel : channels_) {
    if (!worker_.hub().presence().keeps(channel.name)) continue;
    if (!memberships_) memberships_ = std::make_unique<Memberships>(worker_, identity_, client_);
    memberships_->enter(channel.name);
  }
  if (memberships_) wake_within(heartbeat());
}

/// A reader that has vanished shows only where it is sent something.
Duration EventStream::heartbeat() const {
  const Duration usual = worker_.settings().stream.heartbeat;
  return memberships_ ? std::min(usual, worker_.settings().presence.lease / 3) : usual;
}

/// Asks for the next slice of what was missed, of one channel at a time, once the reader has taken
/// the one before.
void EventStream::catch_up() {
  while (phase_ == Phase::Live && !asked_ && !exchange_.congested()) {
    const auto behind = std::ranges::find_if(channels_, &Channel::catching_up);
    if (behind == channels_.end()) return;
    if (exchange_.outbox_bytes() > room_bytes()) {
      wake_within(Duration::zero());  // again after this tick's flush
      return;
    }
    behind->catching_up = false;
    asked_ = true;
    subscribe(static_cast<std::size_t>(behind - channels_.begin()));
  }
}

void EventStream::on_next_answer(std::size_t index, const hub::Subscribed& subscribed) {
  asked_ = false;
  if (!subscribed.recovered()) {
    positions_[index] = subscribed.begin;
    send_gap(index, subscribed.begin);
    send_position_event(false);
  }
  send_missed(subscribed.missed);
  if (std::ranges::any_of(channels_, &Channel::catching_up)) wake_within(Duration::zero());
}

// --- Running ----------------------------------------------------------------------------------

hub::WireFormId EventStream::wire_form() const {
  return is_single() ? worker_.wire_forms().event_id : worker_.wire_forms().event;
}

void EventStream::on_delivery(const hub::Delivery& delivery) {
  if (phase_ == Phase::Starting) {
    for (const hub::PublicationPtr& publication : delivery.publications()) {
      beginning_->early_bytes += publication->footprint_bytes();
      beginning_->early.push_back(publication);
    }
    if (beginning_->early_bytes > 2 * room_bytes() + hub::limits::kPendingBytes) {
      end(native::ProblemCode::Slow, true, std::chrono::seconds(1));
    }
    return;
  }
  const std::size_t index = index_of(delivery.subscription());
  if (is_single()) {
    delivery.for_each_piece([this](const SharedBytes& piece) { exchange_.write(piece); });
    positions_[index] = delivery.position();
  } else {
    std::string id;
    for (std::size_t i = 0; i < delivery.publications().size(); ++i) {
      const hub::Publication& publication = *delivery.publications()[i];
      if (publication.is_kept()) {
        positions_[index] = publication.position;
        id.clear();
        CARILLON_CHECK(sse::append_id(id, position_text(positions_)));
        send(id);
      }
      exchange_.write(delivery.bytes(i));
    }
  }
  rest_after_tick();
  limit_outbox();
}

/// What this tick brings leaves in one burst; then the hub keeps what comes, until the rest ends.
void EventStream::rest_after_tick() {
  if (pace_ms_ == 0 || rest_ != Rest::None) return;
  rest_ = Rest::Due;
  const auto enter = [this](Rest rest) {
    return task([rest](EventStream& stream) { stream.on_rest(rest); });
  };
  worker_.reactor().defer(enter(Rest::Resting));
  worker_.reactor().after(std::chrono::milliseconds(pace_ms_), enter(Rest::None));
}

void EventStream::on_rest(Rest rest) {
  // After a slow tick the end of a rest may come before its beginning.
  if (rest == Rest::Resting && rest_ != Rest::Due) return;
  rest_ = rest;
  if (rest == Rest::None && phase_ == Phase::Live) on_drained();
}

void EventStream::on_gap(hub::SubscriptionId subscription, const Position& position) {
  const std::size_t index = index_of(subscription);
  positions_[index] = position;
  send_gap(index, position);
  send_position_event(false);
}

void EventStream::on_drained() {
  for (const Channel& channel : channels_) worker_.hub().on_drained(channel.subscription);
  catch_up();
}

void EventStream::wake_within(Duration time) {
  exchange_.set_deadline(std::min(worker_.reactor().now() + time, expiry_of(worker_, identity_)));
}

void EventStream::on_deadline() {
  if (phase_ == Phase::Ended) return;
  if (worker_.reactor().now() >= expiry_of(worker_, identity_)) {
    return end(native::ProblemCode::Expired, true, Duration::zero());
  }
  static const SharedBytes kHeartbeat(":\n\n");
  const bool catches_up = std::ranges::any_of(channels_, &Channel::catching_up);
  if (!catches_up) exchange_.write(kHeartbeat);
  wake_within(heartbeat());
  if (phase_ == Phase::Live) catch_up();
}

void EventStream::on_shutdown(Duration reconnect_after) {
  end(native::ProblemCode::Shutdown, true, reconnect_after);
}

// --- What back ends ask for -------------------------------------------------------------------

std::vector<Bytes> EventStream::channels() const {
  std::vector<Bytes> names;
  for (const Channel& channel : channels_) names.emplace_back(channel.name);
  return names;
}

void EventStream::expel(native::ProblemCode code, bool reconnect) {
  end(code, reconnect, Duration::zero());
}

// --- Writing ----------------------------------------------------------------------------------

/// As much as a reader is given at once; channels of the rest are read again from where they are.
void EventStream::send_missed(std::span<const hub::PublicationPtr> missed) {
  std::string out;
  std::size_t taken = 0;
  const std::size_t enough = room_bytes() / 2;  // leaves news a place
  while (taken < missed.size() && out.size() <= enough) append(out, *missed[taken++]);
  send(out);
  for (const hub::PublicationPtr& publication : missed.subspan(taken)) {
    Channel& channel = channel_of(*publication);
    channel.catching_up = true;
    worker_.hub().unsubscribe(std::exchange(channel.subscription, {}));
  }
}

void EventStream::send_early(std::span<const hub::PublicationPtr> early) {
  std::string out;
  for (const hub::PublicationPtr& publication : early) {
    const bool is_read_later = publication->is_kept() && channel_of(*publication).catching_up;
    if (!is_read_later) append(out, *publication);
  }
  send(out);
}

void EventStream::append(std::string& out, const hub::Publication& publication) {
  if (publication.is_kept()) {
    const auto index = &channel_of(publication) - channels_.data();
    positions_[static_cast<std::size_t>(index)] = publication.position;
    CARILLON_CHECK(sse::append_id(out, position_text(positions_)));
  }
  encode_event(publication, out);
}

void EventStream::send_gap(std::size_t index, const Position& position) {
  std::string json;
  native::append_gap(json, {.channel = channels_[index].name, .position = position});
  send(event_text("gap", json));
}

void EventStream::send_position_event(bool recovered) {
  const bool contiguous = std::ranges::all_of(channels_, &Channel::contiguous);
  std::string json;
  native::append_position_event(json, positions_, recovered, contiguous);
  std::string out;
  CARILLON_CHECK(sse::append_id(out, position_text(positions_)));
  send(out + event_text("position", json));
}

/// A reader that takes less than it is sent is disconnected, and resumes from its last id. What the
/// kernel has not been offered yet says nothing of it.
void EventStream::limit_outbox() {
  const std::size_t waiting = exchange_.outbox_bytes();
  const std::size_t unoffered = exchange_.congested() ? 0 : hub::limits::kPendingBytes;
  if (waiting > 2 * room_bytes() + unoffered) {
    ++worker_.probe().slow_readers;
    return end(native::ProblemCode::Slow, true, std::chrono::seconds(1));
  }
  if (unoffered > 0 && waiting > room_bytes() && !std::exchange(full_, true)) look_after_flush();
}

void EventStream::look_after_flush() {
  after_flush(worker_.reactor(), task([](EventStream& stream) { stream.on_flushed(); }));
}

void EventStream::on_flushed() {
  full_ = false;
  if (phase_ != Phase::Live || exchange_.congested()) return;  // it will be told
  if (exchange_.outbox_bytes() <= room_bytes()) return on_drained();
  full_ = true;
  look_after_flush();
}

/// `act` on this stream, if it is there still.
template <class Act>
net::Task EventStream::task(Act act) const {
  return [&worker = worker_, handle = exchange_.handle(), act] {
    Exchange* const exchange = worker.find(handle);
    if (exchange == nullptr || exchange->responder() == nullptr) return;
    act(static_cast<EventStream&>(*exchange->responder()));
  };
}

void EventStream::end(native::ProblemCode code, bool reconnect, Duration wait) {
  if (std::exchange(phase_, Phase::Ended) == Phase::Ended) return;
  if (memberships_ && (!reconnect || code == native::ProblemCode::Revoked)) {
    memberships_->leave_all(hub::LeaveCause::Ended, Duration::zero());
  }
  leave();
  const auto wait_ms = std::chrono::duration_cast<std::chrono::milliseconds>(wait);
  std::string json;
  native::append_closing(json, {.code = code, .reconnect = reconnect, .wait = wait_ms});
  std::string out;
  sse::append_retry(out, wait_ms);
  send(out + event_text("closing", json));
  exchange_.finish();
}

void EventStream::leave() {
  for (Channel& channel : channels_) {
    worker_.hub().unsubscribe(std::exchange(channel.subscription, {}));
  }
  memberships_.reset();
}

EventStream::Channel& EventStream::channel_of(const hub::Publication& publication) {
  return *std::ranges::find(channels_, publication.channel, &Channel::name);
}

std::size_t EventStream::index_of(hub::SubscriptionId subscription) const {
  const auto found = std::ranges::find(channels_, subscription, &Channel::subscription);
  return static_cast<std::size_t>(found - channels_.begin());
}

// --- The route --------------------------------------------------------------------------------

namespace {

/// What waits that long is bounded in octets all the same (hub::limits::kBacklogBytes).
constexpr std::uint64_t kLongestPaceMs = 60'000;

/// Last-Event-ID is what the reader itself stored last, so it wins over the URL it was made with.
/// One that cannot be read becomes a position of no epoch, which is told as a gap: an EventSource
/// gives up for good on any error.
Result<native::PositionList, Problem> start_of(const Request& request, std::size_t count) {
  if (const auto id = request.field("last-event-id"); id && !id->empty()) {
    auto positions = positions_of(*id, count);
    return positions ? std::move(*positions) : native::PositionList(count, Position{});
  }
  if (const auto after = request.parameter("after")) return positions_of(*after, count);
  return native::PositionList(count);
}

void open_stream(Worker& worker, Exchange& exchange, const Caller& caller) {
  const Request& request = exchange.request();
  const auto refuse = [&](const Problem& problem) { exchange.respond(problem_response(problem)); };
  auto channels = channels_of(request, caller.identity);
  if (!channels) return refuse(channels.error());
  auto positions = start_of(request, channels->size());
  if (!positions) return refuse(positions.error());
  const auto pace_ms = number_of(request, "pace_ms", 10, kLongestPaceMs);
  if (!pace_ms) return refuse(pace_ms.error());
  for (const std::string& channel : *channels) {
    if (auto allowed = require(worker, caller, access::Action::Subscribe, channel); !allowed) {
      return refuse(allowed.error());
    }
    if (auto admitted = admit_subscribe(worker, caller); !admitted) {
      return refuse(admitted.error());
    }
  }
  if (request.method == "HEAD") {
    exchange.start(stream_head(), StreamEnd::Connection);
    return exchange.finish();
  }
  auto seat = take_seat(worker, caller, Comes::Anew);
  if (!seat) return refuse(seat.error());
  EventStream::Wish wish{.channels = std::move(*channels),
                         .positions = std::move(*positions),
                         .pace = std::chrono::milliseconds(pace_ms->value_or(0))};
  auto responder =
      std::make_unique<EventStream>(worker, exchange, std::move(wish), caller, *std::move(seat));
  EventStream& stream = *responder;
  exchange.attach(std::move(responder));
  stream.start();
}

}  // namespace

void serve_events(Worker& worker, Exchange& exchange) {
  with_caller(worker, exchange, TransportKind::Sse, open_stream);
}

void add_event_routes(Router& router) {
  router.add("GET", "/api/events", {.handler = serve_events, .kind = RouteKind::Stream});
}

}  // namespace carillon::transport
