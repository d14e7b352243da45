#include "server/demo.hpp"

#include <algorithm>
#include <utility>

#include "core/random.hpp"

namespace carillon::server {

Demo::Demo(net::Reactor& reactor, hub::Hub& hub)
    : reactor_(reactor), hub_(hub), random_(random_u64()), feeds_(make_demo_feeds()) {
  for (const auto& feed : feeds_) {
    reactor_.post_control([this, &feed = *feed] { speak(feed, reactor_.now()); });
  }
}

/// What cannot be published now is lost: there is more where it came from.
void Demo::speak(DemoFeed& feed, TimePoint due) {
  for (DemoItem& item : feed.next(random_)) {
    hub_.publish({.draft = {.channel = std::move(item.channel),
                            .data = std::move(item.data),
                            .key = std::move(item.key)},
                  .dedupe = {}},
                 [](const Result<hub::Receipt, hub::BrokerError>& /*receipt*/) {});
  }
  // Timers are coarse: what one lacks the next makes up for, unless the process has slept.
  const TimePoint now = reactor_.now();
  const TimePoint next = std::max(due + feed.interval(), now - feed.interval());
  reactor_.after(std::max(next - now, Duration::zero()),
                 [this, &feed, next] { speak(feed, next); });
}

}  // namespace carillon::server
