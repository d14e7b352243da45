// What one WebSocket listens to: begun, answered, ended.
#include <algorithm>
#include <utility>
#include <variant>

#include "protocol/native/encode.hpp"
#include "transport/common/operations.hpp"
#include "transport/websocket/endpoint.hpp"

namespace carillon::transport {

using native::ProblemCode;

void WebSocketEndpoint::subscribe(std::string id, const native::Subscribe& command) {
  ++worker().probe().commands;
  if (auto valid = check_channel(command.channel); !valid) return fail(id, valid.error());
  if (auto may = may_subscribe(command); !may) return fail(id, may.error());
  const Subscription* const found = find(command.channel);
  if (found != nullptr && !found->is_own) {
    return fail(id, {.code = ProblemCode::Conflict,
                     .detail = "already subscribed to this channel; unsubscribe first"});
  }
  if (subscriptions_.size() >= worker().settings().session.subscriptions) {
    return fail(id, {.code = ProblemCode::TooLarge, .detail = "too many subscriptions"});
  }
  if (auto admitted = admit_subscribe(worker(), caller_); !admitted) {
    return fail(id, admitted.error());
  }
  // The client says itself from where it wants to hear its channel.
  if (Subscription* const own = find(command.channel)) end_subscription(*own);
  begin_subscription(std::move(id), command, Maker::Client);
}

void WebSocketEndpoint::begin_subscription(std::string id, const native::Subscribe& command,
                                           Maker maker) {
  hub::SubscribeRequest request{.channel = command.channel,
                                .start = hub::Live{},
                                .echo = command.echo ? hub::Echo::Everything : hub::Echo::NotMyOwn,
                                .client = caller_.client,
                                .hearing = hearing_of(worker(), caller_, command.channel)};
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
                            .asking = std::make_unique<Asking>(std::move(id), weight),
                            .is_servers = maker != Maker::Client,
                            .is_own = maker == Maker::Endpoint});
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

/// What was published before is the history's, unless one goes on from a position.
Result<void, Problem> WebSocketEndpoint::may_subscribe(const native::Subscribe& command) {
  TRY(require(worker(), caller_, access::Action::Subscribe, command.channel));
  if (!command.history) return {};
  TRY(require(worker(), caller_, access::Action::History, command.channel));
  return admit_history_read(worker(), caller_);
}

void WebSocketEndpoint::on_answer(const std::string& channel,
                                  Result<hub::Subscribed, hub::BrokerError> answer) {
  const std::unique_ptr<Asking> asking = std::move(find(channel)->asking);
  const std::string& id = asking->id;
  end_command(asking->weight);
  if (answer) {
    on_subscribed(id, channel, *answer);
    return attend(channel);
  }
  std::erase_if(subscriptions_, [&](const auto& each) { return each.channel == channel; });
  fail(id, to_problem(answer.error()));
}

/// In order: what was missed, the `ok`, live ones. Where continuity is broken: the `ok`, the gap,
/// and what is retained after it, if that is not more than one answer holds.
void WebSocketEndpoint::on_subscribed(Bytes id, Bytes channel, const hub::Subscribed& subscribed) {
  if (find(channel)->is_own) return send_publications(subscribed.missed);
  const bool sends_retained = !subscribed.recovered() && !subscribed.more_missed;
  if (subscribed.recovered()) send_publications(subscribed.missed);
  const Position position = sends_retained ? subscribed.begin : subscribed.position;
  std::string out;
  native::append_ok(out, id,
                    native::Subscribed{.channel = channel,
                                       .position = position,
                                       .recovered = subscribed.recovered(),
                                       .contiguous = subscribed.contiguous,
                                       .more = subscribed.more_missed},
                    encoding_);
  send_reply(out);
  if (!subscribed.recovered()) send_gap(channel, position);
  if (sends_retained) send_publications(subscribed.missed);
}

void WebSocketEndpoint::unsubscribe(Bytes id, const native::Unsubscribe& command) {
  ++worker().probe().commands;
  Subscription* subscription = find(command.channel);
  if (subscription == nullptr) {
    return fail(id, {.code = ProblemCode::NotFound, .detail = "not subscribed to this channel"});
  }
  end_subscription(*subscription);
  if (id.empty()) return;
  std::string out;
  native::append_ok(out, id, encoding_);
  send_reply(out);
}

void WebSocketEndpoint::end_subscription(Subscription& subscription) {
  worker().hub().unsubscribe(subscription.id);
  if (memberships_) memberships_->leave(subscription.channel, hub::LeaveCause::Left);
  const std::unique_ptr<Asking> unanswered = std::move(subscription.asking);
  if (unanswered) end_command(unanswered->weight);
  const bool is_own = subscription.is_own;
  if (&subscription != &subscriptions_.back()) subscription = std::move(subscriptions_.back());
  subscriptions_.pop_back();
  if (unanswered && !is_own) {
    fail(unanswered->id, {.code = ProblemCode::Conflict, .detail = "unsubscribed before it began"});
  }
}

}  // namespace carillon::transport
