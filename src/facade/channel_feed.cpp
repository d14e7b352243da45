#include "facade/channel_feed.hpp"

#include <algorithm>
#include <utility>

#include "facade/local.hpp"
#include "hub/hub.hpp"
#include "protocol/native/channel_name.hpp"

namespace carillon::facade {

bool ChannelFeed::subscribe(Bytes channel, hub::SubscribeStart start, const Answer& on_answer) {
  if (!native::is_channel_name(channel)) return false;
  if (find(channel) != nullptr) return true;
  if (entries_.size() >= kFeedChannels) return false;
  entries_.push_back({.channel = std::string(channel), .subscription = {}});
  go_on(std::string(channel), start, on_answer);
  return true;
}

void ChannelFeed::go_on(const std::string& channel, hub::SubscribeStart start,
                        const Answer& on_answer) {
  if (find(channel) == nullptr) return;
  const hub::SubscriptionId id = local_.hub().subscribe(
      subscriber_, {.channel = channel, .start = start, .overflow = hub::Overflow::ReadOn},
      [channel, on_answer](Result<hub::Subscribed, hub::BrokerError> answer) {
        on_answer(channel, std::move(answer));
      });
  // The answer may have come already, and may have ended it.
  if (Entry* entry = find(channel)) {
    entry->subscription = id;
  } else {
    local_.hub().unsubscribe(id);
  }
}

void ChannelFeed::unsubscribe(Bytes channel) {
  Entry* entry = find(channel);
  if (entry == nullptr) return;
  local_.hub().unsubscribe(entry->subscription);
  *entry = std::move(entries_.back());
  entries_.pop_back();
}

void ChannelFeed::leave() {
  for (const Entry& entry : entries_) local_.hub().unsubscribe(entry.subscription);
  entries_.clear();
}

void ChannelFeed::on_drained() {
  // By index: a delivery may end the endpoint.
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    local_.hub().on_drained(entries_[i].subscription);
  }
}

Bytes ChannelFeed::channel_of(hub::SubscriptionId subscription) const {
  const auto found = std::ranges::find(entries_, subscription, &Entry::subscription);
  return found == entries_.end() ? Bytes{} : Bytes(found->channel);
}

ChannelFeed::Entry* ChannelFeed::find(Bytes channel) {
  const auto found = std::ranges::find(entries_, channel, &Entry::channel);
  return found == entries_.end() ? nullptr : &*found;
}

}  // namespace carillon::facade
