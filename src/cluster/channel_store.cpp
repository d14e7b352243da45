#include "cluster/channel_store.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace carillon::cluster {
namespace {

bool is_idle(const Channel& channel, Timestamp now) {
  constexpr std::int64_t kTime = std::chrono::microseconds(limits::kIdleTime).count();
  return !channel.is_held() && now.microseconds - channel.last_used.microseconds >= kTime;
}

}  // namespace

Position Channel::next_position() const {
  return {log.numbering().epoch, log.numbering().last_offset + awaited_count + 1};
}

Timestamp Channel::next_timestamp(Timestamp now) const {
  if (awaited_count == 0) return log.next_timestamp(now);
  return std::max(now, Timestamp{awaited_timestamp.microseconds + 1});
}

ChannelStore::ChannelStore(const hub::NamespaceTable& namespaces, SharedBudget& budget,
                           hub::Probe& probe, const Numbering& fresh)
    : namespaces_(namespaces), budget_(budget), probe_(probe), memory_(budget, probe, fresh) {}

ChannelStore::~ChannelStore() {
  for (const Channel* const channel : all_) {
    budget_.history_bytes.subtract(channel->log.bytes());
    if (channel->is_counted) budget_.live_channels.subtract(1);
  }
}

Channel* ChannelStore::look_up_alive(Bytes name) {
  const auto found = channels_.find(name);
  return found == channels_.end() ? nullptr : found->second.get();
}

Channel* ChannelStore::find(Bytes name, Timestamp now) {
  Channel* const channel = look_up_alive(name);
  if (channel == nullptr) return nullptr;
  channel->last_used = now;
  prune(*channel, now);
  with_history_.touch(*channel);
  idle_.touch(*channel);
  return channel;
}

Channel* ChannelStore::admit(const std::string& name, Timestamp now) {
  Channel* channel = find(name, now);
  if (channel != nullptr && channel->is_counted) return channel;
  while (!budget_.live_channels.try_add_one()) {
    if (!expire_one_idle(now)) {
      ++probe_.count().refused_channels;
      return nullptr;
    }
  }
  if (channel == nullptr) channel = &create(name, now);
  count_in(*channel);
  return channel;
}

Channel& ChannelStore::create(const std::string& name, Timestamp now) {
  auto made = std::make_unique<Channel>(name, namespaces_.of(name), memory_.take(name, now));
  Channel& channel = *made;
  channels_.emplace(channel.name, std::move(made));
  channel.last_used = now;
  channel.sweep_place = all_.size();
  all_.push_back(&channel);
  return channel;
}

bool ChannelStore::expire_one_idle(Timestamp now) {
  Channel* const candidate = idle_.oldest();
  if (candidate == nullptr || !is_idle(*candidate, now)) return false;
  expire(*candidate, now);
  return true;
}

void ChannelStore::count_in(Channel& channel) {
  channel.is_counted = true;
  ++probe_.count().channels;
  if (!channel.is_held()) idle_.add(channel);
}

void ChannelStore::count_out(Channel& channel) {
  if (!std::exchange(channel.is_counted, false)) return;
  --probe_.count().channels;
  budget_.live_channels.subtract(1);
  idle_.remove(channel);
}

void ChannelStore::append(Channel& channel, hub::PublicationPtr publication, Timestamp now) {
  const std::size_t size = publication->footprint_bytes();
  channel.log.append(std::move(publication));
  budget_.history_bytes.add(size);
  probe_.count().history_bytes += size;
  ++probe_.count().history_publications;
  if (channel.log.size() == 1) with_history_.add(channel);
  prune(channel, now);
  evict(channel);
}

void ChannelStore::prune(Channel& channel, Timestamp now) {
  const Pruned pruned = channel.log.prune(*channel.settings, now);
  if (pruned.count == 0) return;
  probe_.count().pruned_publications += pruned.count;
  account(channel, pruned);
}

void ChannelStore::account(Channel& channel, const Pruned& pruned) {
  budget_.history_bytes.subtract(pruned.bytes);
  probe_.count().history_bytes -= pruned.bytes;
  probe_.count().history_publications -= pruned.count;
  if (channel.log.is_empty()) with_history_.remove(channel);
}

/// The newest publication of `kept`, which was used just now, stays: a reactor whose channels
/// have nothing else to give goes over the limit by it.
void ChannelStore::evict(const Channel& kept) {
  while (budget_.history_bytes.exceeded()) {
    Channel* const oldest = with_history_.oldest();
    if (oldest == nullptr || (oldest == &kept && oldest->log.size() == 1)) return;
    const Pruned pruned = oldest->log.drop_oldest();
    probe_.count().evicted_publications += pruned.count;
    account(*oldest, pruned);
  }
}

Channel& ChannelStore::subscribe(const std::string& name, Timestamp now) {
  Channel* channel = find(name, now);
  if (channel == nullptr) channel = &create(name, now);
  channel->is_subscribed = true;
  idle_.remove(*channel);
  return *channel;
}

void ChannelStore::unsubscribe(Bytes name, Timestamp now) {
  Channel* const channel = find(name, now);
  if (channel == nullptr || !std::exchange(channel->is_subscribed, false)) return;
  if (channel->is_held()) return;
  if (channel->is_counted) {
    idle_.add(*channel);
  } else {
    expire(*channel, now);
  }
}

void ChannelStore::hold(Channel& channel, Timestamp timestamp) {
  ++channel.awaited_count;
  channel.awaited_timestamp = timestamp;
  idle_.remove(channel);
}

void ChannelStore::release(Channel& channel) {
  --channel.awaited_count;
  if (!channel.is_held() && channel.is_counted) idle_.add(channel);
}

void ChannelStore::delete_up_to(Bytes name, const Position& position) {
  Channel* const channel = look_up_alive(name);
  if (channel == nullptr || channel->log.numbering().epoch != position.epoch) return;
  Pruned deleted;
  while (!channel->log.is_empty() && channel->log.oldest().offset < position.offset) {
    deleted += channel->log.drop_oldest();
  }
  if (deleted.count > 0) account(*channel, deleted);
}

void ChannelStore::on_namespaces_changed() {
  for (Channel* const channel : all_) channel->settings = &namespaces_.of(channel->name);
}

void ChannelStore::on_time(Timestamp now, std::size_t limit) {
  memory_.on_time(now, limit);
  for (limit = std::min(limit, all_.size()); limit > 0 && !all_.empty(); --limit) {
    if (next_swept_ >= all_.size()) next_swept_ = 0;
    sweep(*all_[next_swept_++], now);
  }
}

void ChannelStore::sweep(Channel& channel, Timestamp now) {
  prune(channel, now);
  const std::int64_t age = std::chrono::microseconds(limits::kIdleTime).count();
  const std::int64_t quiet = now.microseconds - channel.log.numbering().last_timestamp.microseconds;
  if (!channel.log.is_empty() || quiet < age || channel.awaited_count > 0) return;
  if (channel.is_subscribed) {
    count_out(channel);
  } else {
    expire(channel, now);
  }
}

void ChannelStore::expire(Channel& channel, Timestamp now) {
  while (!channel.log.is_empty()) {
    ++probe_.count().evicted_publications;
    account(channel, channel.log.drop_oldest());
  }
  if (channel.is_counted) ++probe_.count().expired_channels;
  count_out(channel);
  const std::unique_ptr<Channel> expired = remove(channel);
  // One that nobody has published to leaves nothing to remember.
  const Numbering& numbering = expired->log.numbering();
  if (numbering.last_offset > 0) memory_.remember(std::move(expired->name), numbering, now);
}

std::unique_ptr<Channel> ChannelStore::remove(Channel& channel) {
  all_[channel.sweep_place] = all_.back();
  all_.back()->sweep_place = channel.sweep_place;
  all_.pop_back();
  const auto place = channels_.find(channel.name);
  std::unique_ptr<Channel> removed = std::move(place->second);
  channels_.erase(place);
  return removed;
}

// --- What was kept on disk --------------------------------------------------------------------

void ChannelStore::restore(const std::string& name, const Numbering& numbering,
                           Timestamp last_used) {
  if (Channel* const channel = look_up_alive(name)) {
    expire(*channel, last_used);
  }
  memory_.take(name, last_used);
  memory_.remember(name, numbering, last_used);
}

/// Which channels expired while the node ran is not on disk: those that were not published to for
/// the longest time did, however short that is.
void ChannelStore::make_room_for_one(Timestamp now) {
  while (budget_.live_channels.is_met() && idle_.oldest() != nullptr) {
    expire(*idle_.oldest(), now);
  }
}

Restored ChannelStore::restore(hub::PublicationPtr publication, Timestamp now) {
  const std::string& name = publication->channel;
  const Position& position = publication->position;
  const Channel* const alive = look_up_alive(name);
  const bool is_known = alive != nullptr || memory_.is_known(name);
  const Numbering known = alive != nullptr ? alive->log.numbering() : memory_.look_up(name, now);
  if (is_known && publication->timestamp <= known.last_timestamp) return Restored::Known;
  const bool is_next = position.epoch == known.epoch && position.offset == known.last_offset + 1 &&
                       publication->timestamp > known.last_timestamp;
  // Of a channel that was forgotten the publication itself tells the numbering.
  const bool begins = !is_known || (position.offset == 1 && position.epoch != known.epoch);
  if (!is_next) {
    const Timestamp before{publication->timestamp.microseconds - 1};
    restore(name,
            {.epoch = position.epoch,
             .last_offset = position.offset - 1,
             .last_timestamp = is_known ? known.last_timestamp : before},
            now);
  }
  if (look_up_alive(name) == nullptr) make_room_for_one(now);
  Channel* const channel = admit(name, now);
  if (channel == nullptr) return Restored::Broken;
  channel->last_used = publication->timestamp;
  append(*channel, std::move(publication), now);
  return is_next || begins ? Restored::Appended : Restored::Broken;
}

void ChannelStore::take_over(Channel& other) {
  const Numbering numbering = other.log.numbering();
  if (other.log.is_empty()) {
    if (numbering.last_offset > 0) restore(other.name, numbering, other.last_used);
    return;
  }
  Channel& channel = create(other.name, other.last_used);
  channel.log = std::exchange(other.log, ChannelLog(numbering));
  budget_.live_channels.add(1);
  count_in(channel);
  budget_.history_bytes.add(channel.log.bytes());
  probe_.count().history_bytes += channel.log.bytes();
  probe_.count().history_publications += channel.log.size();
  with_history_.add(channel);
}

void ChannelStore::forget_old(Timestamp now) {
  for (Channel* const channel : by_use()) prune(*channel, now);
  memory_.on_time(now, memory_.size());
}

void ChannelStore::renew(const Epoch& epoch) {
  memory_.renew(epoch);
  for (Channel* const channel : all_) channel->log = channel->log.renewed(epoch);
}

std::vector<Channel*> ChannelStore::by_use() {
  std::vector<Channel*> channels;
  channels.reserve(all_.size());
  for (Channel* channel = with_history_.oldest(); channel != nullptr;
       channel = channel->with_history.newer) {
    channels.push_back(channel);
  }
  for (Channel* const channel : all_) {
    if (channel->log.is_empty()) channels.push_back(channel);
  }
  return channels;
}

}  // namespace carillon::cluster
