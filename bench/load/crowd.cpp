#include "load/crowd.hpp"

#include <algorithm>

#include "load/payload.hpp"

namespace carillon::bench {

void turn_until(Loop& loop, const Options& options, const std::string& what,
                const std::function<std::uint64_t()>& progress, const std::function<bool()>& done) {
  const auto patience =
      static_cast<Nanoseconds>(std::chrono::nanoseconds(options.patience).count());
  std::uint64_t last = progress();
  Nanoseconds since = now_ns();
  while (!done()) {
    loop.turn();
    const std::uint64_t current = progress();
    if (current != last) {
      last = current;
      since = now_ns();
    } else if (now_ns() - since > patience) {
      throw WireError("waited in vain for " + what + " (" + std::to_string(current) + " so far)");
    }
  }
}

void Crowd::open_next(std::size_t count) {
  if (options_.streams == 0) {
    clients_.push_back(
        std::make_unique<Client>(loop_, options_, listener_, Role::Subscriber, count_++));
    return;
  }
  const std::size_t streams = std::min(options_.streams, count - count_);
  shared_.push_back(std::make_unique<EventStreams>(loop_, options_, listener_, count_, streams));
  count_ += streams;
}

void Crowd::grow(std::size_t count) {
  const auto step = [&] {
    while (count_ < count && count_ - ready_ < options_.in_flight) open_next(count);
    return ready_ == count;
  };
  turn_until(loop_, options_, "connections to get ready", [this] { return ready_; }, step);
}

void Crowd::clear() {
  clients_.clear();
  shared_.clear();
  count_ = 0;
  ready_ = 0;
}

}  // namespace carillon::bench
