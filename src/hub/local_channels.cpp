#include "hub/local_channels.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "hub/channel_listing.hpp"
#include "hub/joining.hpp"
#include "hub/limits.hpp"

namespace carillon::hub {

LocalChannels::LocalChannels(const LocalChannelsParts& parts)
    : parts_(parts),
      batches_(parts.wire_forms),
      handover_(places_, parts.probe),
      context_{batches_, places_, handover_, parts.probe, parts.clock} {}

LocalChannel* LocalChannels::find(Bytes channel) {
  const auto found = channels_.find(channel);
  return found == channels_.end() ? nullptr : found->second.get();
}

LocalChannel& LocalChannels::ensure(const std::string& channel) {
  if (LocalChannel* const found = find(channel)) return *found;
  auto made = std::make_unique<LocalChannel>(channel, parts_.namespaces.of(channel), context_);
  LocalChannel& result = *made;
  result.marks().handle = handles_.insert(&result);
  channels_.emplace(result.name(), std::move(made));
  ++parts_.probe.count().local_channels;
  return result;
}

Member* LocalChannels::find_member(SubscriptionId id) {
  const MemberPlace* const place = places_.find(id.handle);
  return place == nullptr ? nullptr : &place->channel->members().at(place->index);
}

// Subscribing.

SubscriptionId LocalChannels::subscribe(Subscriber& subscriber, SubscribeRequest request,
                                        SubscribeCallback callback) {
  LocalChannel& channel = ensure(request.channel);
  Member& member = channel.members().add(subscriber);
  const SubscriptionId id = member.id;
  ++parts_.probe.count().subscribes;
  ++parts_.probe.count().subscriptions;
  if (request.echo == Echo::NotMyOwn) member.ensure_extras().left_out = request.client;
  set_hearing(id, request.hearing);
  ReadRequest read = first_join_request(request);
  std::optional<Subscribed> here;
  if (channel.is_live()) here = joined_here(request, channel.position());
  member.ensure_extras().joining =
      std::make_unique<Joining>(std::move(request), std::move(callback));
  if (here) {
    member.extras->joining->answer = std::move(*here);
    finish_join(id);
  } else {
    ask_home(id, std::move(read));
  }
  return id;
}

void LocalChannels::ask_home(SubscriptionId id, ReadRequest request) {
  parts_.line.join(std::move(request), [this, id](Result<Page, BrokerError> answer) {
    on_join_answer(id, std::move(answer));
  });
}

void LocalChannels::on_join_answer(SubscriptionId id, Result<Page, BrokerError> answer) {
  Member* const member = find_member(id);
  if (member == nullptr) return;  // it was unsubscribed meanwhile
  if (!answer) return fail_join(id, answer.error());
  LocalChannel& channel = *places_.find(id.handle)->channel;
  channel.on_joined(answer->top);
  note(channel);
  Joining& joining = *member->extras->joining;
  take_page(joining, std::move(*answer));
  std::optional<ReadRequest> next = next_join_request(joining, channel.position());
  if (!next) return finish_join(id);
  if (joining.rounds >= limits::kSubscribeRounds) return fail_join(id, BrokerError::Unavailable);
  ask_home(id, std::move(*next));
}

void LocalChannels::finish_join(SubscriptionId id) {
  Member& member = *find_member(id);
  LocalChannel& channel = *places_.find(id.handle)->channel;
  const std::unique_ptr<Joining> joining = std::move(member.extras->joining);
  Subscribed& answer = joining->answer;
  answer.id = id;
  answer.contiguous = channel.settings().outbox_policy != OutboxPolicy::Conflate;
  answer.joined = !answer.more_missed || joining->request.overflow == Overflow::GoLive;
  if (!answer.recovered()) ++parts_.probe.count().recoveries_broken;
  if (answer.joined) {
    // From here on every item that is appended is for it, but for those it has already.
    member.joined_sequence = channel.sequence();
    if (answer.position != channel.position()) member.extras->has_until = answer.position;
    member.drop_needless_extras();
  } else {
    remove_member(id);
  }
  joining->callback(std::move(answer));
}

void LocalChannels::fail_join(SubscriptionId id, BrokerError error) {
  SubscribeCallback callback = std::move(find_member(id)->extras->joining->callback);
  ++parts_.probe.count().refused_subscribes;
  remove_member(id);
  callback(std::unexpected(error));
}

void LocalChannels::unsubscribe(SubscriptionId id) {
  if (places_.find(id.handle) != nullptr) remove_member(id);
}

void LocalChannels::set_hearing(SubscriptionId id, Hearing hearing) {
  Member* const member = find_member(id);
  if (member == nullptr) return;
  const bool has_presence = places_.find(id.handle)->channel->settings().presence;
  const bool hears_none = has_presence && hearing == Hearing::Messages;
  if (!hears_none && !member->extras) return;
  member->ensure_extras().hears_no_presence = hears_none;
  member->drop_needless_extras();
}

void LocalChannels::remove_member(SubscriptionId id) {
  const MemberPlace place = *places_.find(id.handle);
  LocalChannel& channel = *place.channel;
  channel.members().remove(place.index);
  --parts_.probe.count().subscriptions;
  if (!channel.members().is_empty()) return;
  channel.on_emptied();
  channel.marks().idle_since = parts_.clock.now();
  if (!std::exchange(channel.marks().is_idle, true)) {
    idle_.push_back({channel.marks().handle, channel.marks().idle_since});
  }
}

// Hearing and delivering.

void LocalChannels::on_publication(const PublicationPtr& publication) {
  LocalChannel* const channel = find(publication->channel);
  if (channel == nullptr) return;  // its last subscriber has left
  channel->on_publication(publication);
  note(*channel);
}

void LocalChannels::on_missed(const std::vector<MissedChannel>& missed) {
  for (const auto& [name, top] : missed) {
    LocalChannel* const channel = find(name);
    if (channel == nullptr) continue;
    channel->on_top(top);
    note(*channel);
  }
}

void LocalChannels::note(LocalChannel& channel) {
  ChannelMarks& marks = channel.marks();
  if (channel.has_batches() && !std::exchange(marks.is_dirty, true)) dirty_.push_back(&channel);
  if (channel.wants_to_read() && !std::exchange(marks.is_lagging, true)) {
    lagging_.push_back(marks.handle);
  }
}

bool LocalChannels::deliver(std::size_t budget) {
  release_held();
  while (!dirty_.empty() && budget > 0) {
    LocalChannel& channel = *dirty_.front();
    if (channel.hold() > std::chrono::microseconds::zero()) {
      dirty_.pop_front();
      held_.push_back(&channel);
      ++parts_.probe.count().held_flushes;
      continue;
    }
    const std::size_t visited = channel.walk(std::min(budget, limits::kSliceSubscribers));
    budget -= std::max<std::size_t>(visited, 1);  // a batch for nobody is some work too
    dirty_.pop_front();
    channel.marks().is_dirty = false;
    note(channel);
  }
  start_reads();
  return !dirty_.empty() || !lagging_.empty();
}

void LocalChannels::release_held() {
  std::erase_if(held_, [this](LocalChannel* channel) {
    const bool is_due = channel->hold() == std::chrono::microseconds::zero();
    if (is_due) dirty_.push_back(channel);
    return is_due;
  });
}

std::optional<std::chrono::microseconds> LocalChannels::next_flush() const {
  std::optional<std::chrono::microseconds> soonest;
  for (const LocalChannel* channel : held_) {
    const auto hold = channel->hold();
    if (!soonest || hold < *soonest) soonest = hold;
  }
  return soonest;
}

void LocalChannels::start_reads() {
  for (const Handle handle : std::exchange(lagging_, {})) {
    LocalChannel** const channel = handles_.find(handle);
    if (channel == nullptr) continue;
    (*channel)->marks().is_lagging = false;
    if ((*channel)->wants_to_read()) read_log(**channel);
  }
}

void LocalChannels::read_log(LocalChannel& channel) {
  parts_.line.read(channel.begin_read(),
                   [this, handle = channel.marks().handle](Result<Page, BrokerError> answer) {
                     on_log(handle, std::move(answer));
                   });
}

void LocalChannels::on_log(Handle handle, Result<Page, BrokerError> answer) {
  LocalChannel** const found = handles_.find(handle);
  if (found == nullptr) return;
  LocalChannel& channel = **found;
  bool was_of_help = false;
  if (answer) {
    was_of_help = channel.on_read(*answer);
  } else {
    channel.on_read_failed();
  }
  if (!was_of_help) {
    stalled_.push_back(handle);
    return;
  }
  note(channel);
}

// Time.

void LocalChannels::on_time() {
  for (const Handle handle : std::exchange(stalled_, {})) {
    LocalChannel** const channel = handles_.find(handle);
    if (channel != nullptr) note(**channel);
  }
  start_reads();
  leave_idle_channels();
}

void LocalChannels::leave_idle_channels() {
  constexpr auto kLinger = std::chrono::microseconds(limits::kLinger).count();
  const Timestamp now = parts_.clock.now();
  for (std::size_t step = 0; step < limits::kLeavesPerStep && !idle_.empty(); ++step) {
    const Idle idle = idle_.front();
    const std::int64_t waited = now.microseconds - idle.since.microseconds;
    // A wall clock that was set back makes a channel go early, not late.
    if (waited >= 0 && waited < kLinger) return;
    LocalChannel& channel = **handles_.find(idle.channel);
    ChannelMarks& marks = channel.marks();
    if (!channel.members().is_empty()) {
      marks.is_idle = false;
    } else if (marks.idle_since != idle.since) {
      idle_.push_back({idle.channel, marks.idle_since});  // there was a subscriber meanwhile
    } else if (!try_leave(channel)) {
      return;  // again at the next time step
    }
    idle_.pop_front();
  }
}

bool LocalChannels::try_leave(LocalChannel& channel) {
  if (channel.marks().is_dirty || !parts_.line.try_leave(channel.name())) return false;
  handles_.erase(channel.marks().handle);
  channels_.erase(std::string_view(channel.name()));
  --parts_.probe.count().local_channels;
  return true;
}

ChannelList LocalChannels::list(const ListRequest& request) const {
  ChannelList list;
  for (const auto& [name, channel] : channels_) {
    if (channel->members().is_empty() || !is_asked_for(request, name)) continue;
    ChannelInfo info;
    info.name = channel->name();
    info.subscription_count = channel->members().size();
    list.channels.push_back(std::move(info));
  }
  sort_and_cut(list, request.limit);
  return list;
}

}  // namespace carillon::hub
