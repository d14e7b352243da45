#include "transport/longpoll/long_poll.hpp"

#include <algorithm>
#include <utility>

#include "access/cookie.hpp"
#include "hub/presence_desk.hpp"
#include "net/reactor.hpp"
#include "transport/common/channel_query.hpp"
#include "transport/common/introduction.hpp"
#include "transport/common/operations.hpp"
#include "transport/common/problem.hpp"
#include "transport/common/publication_json.hpp"

namespace carillon::transport {
namespace {

/// Publications of one answer, over all its channels.
constexpr std::size_t kMostPublications = hub::limits::kPagePublications;

std::string cookie_name(const std::vector<std::string>& channels) {
  return access::position_cookie_name(std::vector<Bytes>(channels.begin(), channels.end()));
}

}  // namespace

LongPoll::LongPoll(Worker& worker, Exchange& exchange, LongPollRequest request,
                   std::unique_ptr<Seat> seat)
    : worker_(worker),
      exchange_(exchange),
      request_(std::move(request)),
      seat_(std::move(seat)),
      subscriptions_(request_.channels.size()),
      parts_(request_.channels.size()),
      unanswered_(request_.channels.size()),
      opened_s_(seconds_of(worker.reactor().wall_clock())),
      open_(worker.probe(), TransportKind::LongPoll) {}

LongPoll::~LongPoll() {
  leave();
}

void LongPoll::start() {
  attend();
  for (std::size_t i = 0; i < request_.channels.size() && !answered_; ++i) subscribe(i);
  if (answered_) return;
  exchange_.set_deadline(
      std::min(worker_.reactor().now() + request_.longest_wait, request_.expires));
  answer_if_due();
}

/// Between two polls the client counts as lost, and comes back.
void LongPoll::attend() {
  if (!request_.client) return;
  for (const std::string& channel : request_.channels) {
    if (!worker_.hub().presence().keeps(channel)) continue;
    if (!memberships_) {
      memberships_ = std::make_unique<Memberships>(worker_, request_.identity, request_.client);
    }
    memberships_->enter(channel);
  }
}

void LongPoll::subscribe(std::size_t index) {
  hub::SubscribeRequest request{.channel = request_.channels[index],
                                .start = hub::Live{},
                                .limit = kMostPublications,
                                .overflow = hub::Overflow::ReadOn};
  if (request_.after[index]) request.start = hub::After{*request_.after[index]};
  const hub::SubscriptionId id = worker_.hub().subscribe(
      *this, std::move(request), [this, index](Result<hub::Subscribed, hub::BrokerError> result) {
        on_subscribed(index, std::move(result));
      });
  if (answered_) {
    worker_.hub().unsubscribe(id);
  } else {
    subscriptions_[index] = id;
  }
}

void LongPoll::on_subscribed(std::size_t index, Result<hub::Subscribed, hub::BrokerError> result) {
  if (!result) return refuse(to_problem(result.error()));
  --unanswered_;
  if (!result->recovered()) {
    on_broken(index, *result);
    if (answered_) return;
  } else {
    found_ = found_ || !result->missed.empty();
    parts_[index] = {.publications = std::move(result->missed),
                     .begin = result->begin,
                     .end = result->missed_until};
  }
  answer_if_due();
}

void LongPoll::on_broken(std::size_t index, const hub::Subscribed& subscribed) {
  if (request_.positions_are_guessed) {
    gap_ = true;
    parts_[index] = {.publications = {}, .begin = subscribed.position, .end = subscribed.position};
    return;
  }
  native::PositionList positions(request_.channels.size());
  native::PositionList retained(request_.channels.size());
  positions[index] = subscribed.position;
  retained[index] = subscribed.begin;
  Problem problem = gone({.publications = {},
                          .begin = subscribed.begin,
                          .position = subscribed.position,
                          .oldest = subscribed.begin,
                          .top = subscribed.position,
                          .continuity = subscribed.continuity});
  problem.position = position_text(positions);
  problem.retained = position_text(retained);
  refuse(problem);
}

void LongPoll::on_delivery(const hub::Delivery& delivery) {
  if (answered_) return;
  ChannelPart& part = parts_[index_of(delivery.subscription())];
  part.end = delivery.position();
  if (parts_.size() == 1) {
    delivery.for_each_piece([this](const SharedBytes& piece) { items_.append(piece.view()); });
    found_ = found_ || !items_.empty();
  }
  for (const hub::PublicationPtr& publication : delivery.publications()) {
    if (parts_.size() == 1 || !publication->is_kept()) continue;
    part.publications.push_back(publication);
    found_ = true;
  }
  answer_if_due();
}

void LongPoll::on_gap(hub::SubscriptionId subscription, const Position& position) {
  if (answered_) return;
  ChannelPart& part = parts_[index_of(subscription)];
  part = {.publications = {}, .begin = position, .end = position};
  gap_ = true;
  answer();
}

void LongPoll::on_shutdown(Duration /*reconnect_after*/) {
  finish();
}

/// Whoever has gone is kept no longer, and whoever still reads is owed an answer (RFC 9112 §9.6).
bool LongPoll::on_end_of_input() {
  finish();
  return true;
}

std::vector<Bytes> LongPoll::channels() const {
  return {request_.channels.begin(), request_.channels.end()};
}

/// A poll that may come again is answered as if its time had passed; else with an error, since an
/// answer would bring the next poll at once.
void LongPoll::expel(native::ProblemCode code, bool reconnect) {
  if (memberships_ && (!reconnect || code == native::ProblemCode::Revoked)) {
    memberships_->leave_all(hub::LeaveCause::Ended, Duration::zero());
  }
  if (code == native::ProblemCode::Revoked) {
    refuse({.code = native::ProblemCode::Unauthenticated, .detail = "the token has been revoked"});
  } else if (reconnect) {
    finish();
  } else {
    refuse({.code = native::ProblemCode::Forbidden, .detail = "a back end has ended this poll"});
  }
}

std::size_t LongPoll::index_of(hub::SubscriptionId subscription) const {
  const auto found = std::ranges::find(subscriptions_, subscription);
  return static_cast<std::size_t>(found - subscriptions_.begin());
}

void LongPoll::leave() {
  for (hub::SubscriptionId& id : subscriptions_) worker_.hub().unsubscribe(std::exchange(id, {}));
  memberships_.reset();
}

/// Without an answer from every channel's home there is no position to continue from.
void LongPoll::finish() {
  over_ = true;
  answer_if_due();
}

void LongPoll::answer_if_due() {
  if ((found_ || over_) && unanswered_ == 0) answer();
}

void LongPoll::answer() {
  if (std::exchange(answered_, true)) return;
  leave();
  exchange_.respond(list_response());
}

Response LongPoll::list_response() {
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    if (!parts_[i].end) parts_[i].end = request_.after[i];
  }
  const MergedPage page = merge_parts(std::move(parts_), kMostPublications, MergeKeep::Oldest);
  std::string body;
  if (items_.empty()) {
    append_publications(body, page.publications);
  } else {
    body.reserve(items_.size() + 1);
    body.assign("[").append(items_);
    body.back() = ']';  // in place of the last item's comma
  }
  std::string cookie;
  native::append_position_list(cookie, page.positions, native::PositionListForm::Cookie);
  const std::string path = worker_.settings().http.base_path + exchange_.request().path;
  Response response = json_response(200, body);
  response.add("Cache-Control", "no-store, no-transform")
      .add("X-Accel-Buffering", "no")
      .add("Carillon-Position", position_text(page.positions))
      .add("Set-Cookie", access::format_position_cookie(request_.cookie_name, cookie, path,
                                                        exchange_.request().requester.scheme));
  if (gap_) response.add("Carillon-Gap", "true");
  return response;
}

void LongPoll::refuse(const Problem& problem) {
  if (std::exchange(answered_, true)) return;
  leave();
  exchange_.respond(problem_response(problem));
}

namespace {

/// The positions of the query, or else those of the cookie of the previous answer.
Result<void, Problem> fill_positions(const Request& request, LongPollRequest& poll) {
  const std::size_t count = poll.channels.size();
  if (const auto after = request.parameter("after")) {
    poll.after = TRY(positions_of(*after, count));
    return {};
  }
  poll.after.resize(count);
  const auto field = request.field("cookie");
  const auto value = field ? access::find_cookie(*field, poll.cookie_name) : std::nullopt;
  if (!value) return {};
  auto positions = native::parse_position_list(*value, native::PositionListForm::Cookie);
  if (positions && positions->size() == count) {
    poll.after = std::move(*positions);
    poll.positions_are_guessed = true;
  }
  return {};
}

Result<LongPollRequest, Problem> parse_long_poll(Worker& worker, const Request& request,
                                                 const Caller& caller) {
  const StreamSettings& settings = worker.settings().stream;
  LongPollRequest poll;
  poll.channels = TRY(channels_of(request, caller.identity));
  poll.cookie_name = cookie_name(poll.channels);
  TRY(fill_positions(request, poll));
  const auto timeout = TRY(number_of(request, "timeout", 0, 1'000'000'000));
  const auto wish = timeout ? std::chrono::seconds(*timeout) : settings.poll_default;
  poll.longest_wait = std::min(wish, settings.poll_longest);
  poll.identity = caller.identity;
  poll.client = caller.client;
  poll.expires = expiry_of(worker, caller.identity);
  return poll;
}

void park(Worker& worker, Exchange& exchange, const Caller& caller) {
  auto poll = parse_long_poll(worker, exchange.request(), caller);
  if (!poll) return exchange.respond(problem_response(poll.error()));
  for (std::size_t i = 0; i < poll->channels.size(); ++i) {
    auto allowed = require(worker, caller, access::Action::Subscribe, poll->channels[i]);
    if (allowed && !poll->after[i]) allowed = admit_subscribe(worker, caller);
    if (!allowed) return exchange.respond(problem_response(allowed.error()));
  }
  auto seat = take_seat(worker, caller, Comes::Again);
  if (!seat) return exchange.respond(problem_response(seat.error()));
  auto responder = std::make_unique<LongPoll>(worker, exchange, std::move(*poll), *std::move(seat));
  LongPoll& parked = *responder;
  exchange.attach(std::move(responder));
  parked.start();
}

}  // namespace

void serve_long_poll(Worker& worker, Exchange& exchange) {
  with_caller(worker, exchange, TransportKind::LongPoll, park);
}

void add_long_poll_routes(Router& router) {
  router.add("GET", "/api/messages/subscribe", {.handler = serve_long_poll});
}

}  // namespace carillon::transport
