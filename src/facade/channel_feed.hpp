// The channels that one endpoint of the application hears.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "core/bytes.hpp"
#include "hub/subscriber.hpp"
#include "hub/subscription.hpp"

namespace carillon::facade {

class Local;

/// Channels that one endpoint may hear.
inline constexpr std::size_t kFeedChannels = 1000;

/// Lifetime: owned by `subscriber`, which leaves before it is destroyed.
/// Thread:   its reactor's.
class ChannelFeed {
 public:
  /// Not called after unsubscribe() or leave(). With an error the subscription has ended.
  using Answer = std::function<void(const std::string& channel,
                                    Result<hub::Subscribed, hub::BrokerError> answer)>;

  ChannelFeed(Local& local, hub::Subscriber& subscriber) : local_(local), subscriber_(subscriber) {}

  /// Quiet, and true, for a channel that is heard already.
  /// Returns: false for what cannot be a channel's name, and over kFeedChannels.
  bool subscribe(Bytes channel, hub::SubscribeStart start, const Answer& on_answer);
  void unsubscribe(Bytes channel);
  /// Goes on with a channel whose subscription ended before it was live (Overflow::ReadOn).
  void go_on(const std::string& channel, hub::SubscribeStart start, const Answer& on_answer);
  void leave();
  void on_drained();
  /// Empty: not one of these.
  Bytes channel_of(hub::SubscriptionId subscription) const;

 private:
  struct Entry {
    std::string channel;
    hub::SubscriptionId subscription;
  };
  Entry* find(Bytes channel);

  Local& local_;
  hub::Subscriber& subscriber_;
  std::vector<Entry> entries_;
};

}  // namespace carillon::facade
