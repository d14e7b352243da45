#include "load/crowd.hpp"

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

void Crowd::grow(std::size_t count) {
  const auto step = [&] {
    while (clients_.size() < count && clients_.size() - ready_ < options_.in_flight) {
      clients_.push_back(
          std::make_unique<Client>(loop_, options_, listener_, Role::Subscriber, clients_.size()));
    }
    return ready_ == count;
  };
  turn_until(loop_, options_, "connections to get ready", [this] { return ready_; }, step);
}

void Crowd::clear() {
  clients_.clear();
  ready_ = 0;
}

}  // namespace carillon::bench
