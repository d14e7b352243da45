// What a client listens to: begun, answered, ended.
#include <algorithm>
#include <utility>
#include <variant>

#include "transport/common/channel_client.hpp"
#include "transport/common/operations.hpp"

namespace carillon::transport {

using native::ProblemCode;

void ChannelClient::subscribe(Asker asker, const native::Subscribe& command) {
  ++worker_.probe().commands;
  if (auto valid = check_channel(command.channel); !valid) return fail(asker, valid.error());
  if (auto may = may_subscribe(command); !may) return fail(asker, may.error());
  const Subscription* const found = find(command.channel);
  if (found != nullptr && found->maker != Maker::Endpoint) {
    return fail(asker, {.code = ProblemCode::Conflict,
                        .detail = "already subscribed to this channel; unsubscribe first"});
  }
  if (has_too_many()) {
    return fail(asker, {.code = ProblemCode::TooLarge, .detail = "too many subscriptions"});
  }
  if (auto admitted = admit_subscribe(worker_, caller_); !admitted) {
    return fail(asker, admitted.error());
  }
  // The client says itself from where it wants to hear its channel.
  if (Subscription* const own = find(command.channel)) end_subscription(*own);
  begin_subscription(std::move(asker), command, Maker::Client);
}

/// Of those that somebody has asked for.
bool ChannelClient::has_too_many() const {
  const auto count = std::ranges::count_if(
      subscriptions_, [](const Subscription& each) { return each.maker != Maker::Endpoint; });
  return static_cast<std::size_t>(count) >= worker_.settings().session.subscriptions;
}

/// What was published before is the history's, unless one goes on from a position.
Result<void, Problem> ChannelClient::may_subscribe(const native::Subscribe& command) {
  TRY(require(worker_, caller_, access::Action::Subscribe, command.channel));
  if (!command.history) return {};
  TRY(require(worker_, caller_, access::Action::History, command.channel));
  return admit_history_read(worker_, caller_);
}

void ChannelClient::begin_subscription(Asker asker, const native::Subscribe& command, Maker maker) {
  hub::SubscribeRequest request{.channel = command.channel,
                                .start = hub::Live{},
                                .echo = command.echo ? hub::Echo::Everything : hub::Echo::NotMyOwn,
                                .client = caller_.client,
                                .hearing = hearing_of(worker_, caller_, command.channel)};
  if (command.after) {
    request.start = hub::After{*command.after};
  } else if (command.history) {
    request.start = hub::Latest{};
    request.limit = *command.history;
  }
  // In its place before the call: the answer may come inside it, and may end it.
  const std::uint32_t weight = std::holds_alternative<hub::Live>(request.start) ? 1 : kPageWeight;
  begin_command(weight);
  subscriptions_.push_back({.id = {},
                            .channel = command.channel,
                            .asking = std::make_unique<Asking>(std::move(asker), weight),
                            .maker = maker});
  const hub::SubscriptionId subscription = worker_.hub().subscribe(
      *this, std::move(request),
      [this, channel = command.channel](Result<hub::Subscribed, hub::BrokerError> answer) {
        on_answer(channel, std::move(answer));
      });
  if (Subscription* entry = find(command.channel)) {
    entry->id = subscription;
  } else {
    worker_.hub().unsubscribe(subscription);
  }
}

void ChannelClient::on_answer(const std::string& channel,
                              Result<hub::Subscribed, hub::BrokerError> answer) {
  const std::unique_ptr<Asking> asking = std::move(find(channel)->asking);
  end_command(asking->weight);
  if (answer) {
    on_subscribed(asking->asker, channel, *answer);
    return attend(channel);
  }
  std::erase_if(subscriptions_, [&](const auto& each) { return each.channel == channel; });
  fail(asking->asker, to_problem(answer.error()));
}

/// In order: what was missed, the answer, live ones. Where continuity is broken: the answer, the
/// gap, and what is retained after it, if that is not more than one answer holds.
void ChannelClient::on_subscribed(const Asker& asker, Bytes channel,
                                  const hub::Subscribed& subscribed) {
  if (find(channel)->maker == Maker::Endpoint) return say_publications(subscribed.missed);
  const bool sends_retained = !subscribed.recovered() && !subscribed.more_missed;
  if (subscribed.recovered()) say_publications(subscribed.missed);
  const Position position = sends_retained ? subscribed.begin : subscribed.position;
  say_subscribed(asker, {.channel = channel,
                         .position = position,
                         .recovered = subscribed.recovered(),
                         .contiguous = subscribed.contiguous,
                         .more = subscribed.more_missed});
  if (!subscribed.recovered()) say_gap(channel, position);
  if (sends_retained) say_publications(subscribed.missed);
}

void ChannelClient::unsubscribe(const Asker& asker, const native::Unsubscribe& command) {
  ++worker_.probe().commands;
  Subscription* const subscription = find(command.channel);
  if (subscription == nullptr) {
    return fail(asker, {.code = ProblemCode::NotFound, .detail = "not subscribed to this channel"});
  }
  end_subscription(*subscription);
  if (!asker.empty()) say_done(asker);
}

void ChannelClient::end_subscription(Subscription& subscription, hub::LeaveCause cause) {
  worker_.hub().unsubscribe(subscription.id);
  if (memberships_) memberships_->leave(subscription.channel, cause);
  const std::unique_ptr<Asking> unanswered = std::move(subscription.asking);
  if (unanswered) end_command(unanswered->weight);
  const bool is_own = subscription.maker == Maker::Endpoint;
  if (&subscription != &subscriptions_.back()) subscription = std::move(subscriptions_.back());
  subscriptions_.pop_back();
  if (unanswered && !is_own) {
    fail(unanswered->asker,
         {.code = ProblemCode::Conflict, .detail = "unsubscribed before it began"});
  }
}

void ChannelClient::join() {
  const auto claims = caller_.identity.claims;
  if (!claims || claims->join.empty()) return;
  if (caller_.is_limited()) spend_itself();
  for (const std::string& channel : claims->join) {
    if (!is_here()) return;
    if (find(channel) != nullptr) continue;
    native::Subscribe command;
    command.channel = channel;
    subscribe({}, command);
  }
}

Result<void, Problem> ChannelClient::may_keep_subscriptions(const Caller& caller) {
  for (const Subscription& each : subscriptions_) {
    if (each.maker != Maker::Client) continue;
    TRY(require(worker_, caller, access::Action::Subscribe, each.channel));
  }
  return {};
}

std::optional<Bytes> ChannelClient::only_channel() const {
  std::optional<Bytes> only;
  for (const Subscription& each : subscriptions_) {
    if (each.maker == Maker::Endpoint) continue;
    if (only) return std::nullopt;
    only = each.channel;
  }
  return only;
}

void ChannelClient::on_gap(hub::SubscriptionId subscription, const Position& position) {
  if (const Subscription* const found = find(subscription)) say_gap(found->channel, position);
}

/// By index: a delivery may end the client.
void ChannelClient::tell_drained() {
  for (std::size_t i = 0; i < subscriptions_.size(); ++i) {
    worker_.hub().on_drained(subscriptions_[i].id);
  }
}

ChannelClient::Subscription* ChannelClient::find(Bytes channel) {
  const auto found = std::ranges::find(subscriptions_, channel, &Subscription::channel);
  return found == subscriptions_.end() ? nullptr : &*found;
}

ChannelClient::Subscription* ChannelClient::find(hub::SubscriptionId id) {
  const auto found = std::ranges::find(subscriptions_, id, &Subscription::id);
  return found == subscriptions_.end() ? nullptr : &*found;
}

}  // namespace carillon::transport
