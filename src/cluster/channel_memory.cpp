#include "cluster/channel_memory.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "core/check.hpp"

namespace carillon::cluster {

ChannelMemory::ChannelMemory(SharedBudget& budget, hub::Probe& probe, const Numbering& fresh)
    : budget_(budget), probe_(probe), fresh_(fresh) {}

ChannelMemory::~ChannelMemory() {
  budget_.remembered_channels.subtract(entries_.size());
}

Numbering ChannelMemory::look_up(Bytes channel, Timestamp now) {
  const auto found = entries_.find(channel);
  if (found == entries_.end()) return fresh_;
  found->second.last_used = now;
  by_use_.touch(found->second);
  return found->second.numbering;
}

Numbering ChannelMemory::take(Bytes channel, Timestamp now) {
  const Numbering numbering = look_up(channel, now);
  const auto found = entries_.find(channel);
  if (found != entries_.end()) erase(found->second);
  return numbering;
}

void ChannelMemory::remember(std::string channel, const Numbering& numbering, Timestamp now) {
  const auto [found, fresh] = entries_.try_emplace(std::move(channel));
  CARILLON_CHECK(fresh);
  Entry& entry = found->second;
  entry.numbering = numbering;
  entry.last_used = now;
  entry.channel = &found->first;
  by_use_.add(entry);
  budget_.remembered_channels.add(1);
  ++probe_.count().remembered_channels;
  while (budget_.remembered_channels.exceeded() && by_use_.size() > 1) forget_oldest(now);
}

void ChannelMemory::renew(const Epoch& epoch) {
  fresh_.epoch = epoch;
  for (auto& [name, entry] : entries_) entry.numbering.epoch = epoch;
}

void ChannelMemory::on_time(Timestamp now, std::size_t limit) {
  const std::int64_t time = std::chrono::microseconds(budget_.remembered_time).count();
  for (; limit > 0 && by_use_.size() > 0; --limit) {
    if (now.microseconds - by_use_.oldest()->last_used.microseconds < time) return;
    forget_oldest(now);
  }
}

void ChannelMemory::forget_oldest(Timestamp now) {
  Entry& oldest = *by_use_.oldest();
  if (oldest.numbering.epoch == fresh_.epoch) {
    fresh_.epoch = Epoch::random();
    fresh_.last_timestamp = std::max(fresh_.last_timestamp, now);
  }
  // If it is published to again, its timestamps go on, and what was lost counts as missing.
  fresh_.last_timestamp = std::max(fresh_.last_timestamp, oldest.numbering.last_timestamp);
  ++probe_.count().forgotten_channels;
  erase(oldest);
}

void ChannelMemory::erase(Entry& entry) {
  by_use_.remove(entry);
  entries_.erase(entries_.find(Bytes(*entry.channel)));
  budget_.remembered_channels.subtract(1);
  --probe_.count().remembered_channels;
}

}  // namespace carillon::cluster
