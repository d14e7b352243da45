#include "net/reactor_pool.hpp"

#include <utility>

#include "core/check.hpp"
#include "net/limits.hpp"

namespace carillon::net {

/// Publishes that connections of its reactor have ended, once per tick.
class ReactorPool::LoadReporter final : public TickHook {
 public:
  LoadReporter(Reactor& reactor, Load& load) : reactor_(reactor), load_(load) {
    reactor_.add_tick_hook(*this);
  }

  bool on_tick_end() override {
    load_.connections.store(reactor_.stream_count(), std::memory_order_relaxed);
    return false;
  }

 private:
  Reactor& reactor_;
  Load& load_;
};

ReactorPool::ReactorPool(std::size_t reactor_count, const ReactorOptions& options)
    : loads_(std::make_unique<Load[]>(reactor_count)) {
  CARILLON_CHECK(reactor_count > 0);
  for (std::size_t index = 0; index < reactor_count; ++index) {
    ReactorOptions own = options;
    own.index = index;
    reactors_.push_back(std::make_unique<Reactor>(std::move(own)));
    reporters_.push_back(std::make_unique<LoadReporter>(*reactors_.back(), loads_[index]));
  }
  for (std::size_t from = 0; from < reactor_count; ++from) {
    for (std::size_t to = 0; to < reactor_count; ++to) {
      mailboxes_.push_back(std::make_unique<Mailbox>(reactors_[to]->waker()));
    }
  }
  for (std::size_t self = 0; self < reactor_count; ++self) {
    std::vector<Mailbox*> incoming;
    std::vector<Mailbox*> outgoing;
    for (std::size_t other = 0; other < reactor_count; ++other) {
      incoming.push_back(mailboxes_[other * reactor_count + self].get());
      outgoing.push_back(mailboxes_[self * reactor_count + other].get());
    }
    reactors_[self]->connect(std::move(incoming), std::move(outgoing));
  }
}

ReactorPool::~ReactorPool() {
  stop();
  join();
}

void ReactorPool::start() {
  CARILLON_CHECK(threads_.empty());
  for (const auto& reactor : reactors_) {
    threads_.emplace_back([&reactor = *reactor] { reactor.run(); });
  }
}

void ReactorPool::stop() {
  for (const auto& reactor : reactors_) reactor->stop();
}

void ReactorPool::join() {
  for (std::jthread& thread : threads_) {
    if (thread.joinable()) thread.join();
  }
  // Letters that nobody will read die here, while what they refer to is still there.
  for (const auto& mailbox : mailboxes_) mailbox->drain(limits::kMailboxTasks, [](Task&) {});
}

std::size_t ReactorPool::connection_count(std::size_t index) const {
  const Load& load = loads_[index];
  return load.connections.load(std::memory_order_relaxed) +
         load.arriving.load(std::memory_order_relaxed);
}

std::size_t ReactorPool::home_for(const Reactor& accepting) const {
  std::size_t best = accepting.index();
  const std::size_t own = accepting.stream_count();
  std::size_t fewest = own;
  for (std::size_t index = 0; index < reactors_.size(); ++index) {
    if (index == accepting.index()) continue;
    const std::size_t count = connection_count(index);
    if (count >= fewest) continue;
    fewest = count;
    best = index;
  }
  const std::size_t difference = own - fewest;
  const bool worth_it =
      difference > limits::kPlacementDifference && difference > own / limits::kPlacementFraction;
  return worth_it ? best : accepting.index();
}

/// Counts a newcomer at once: whoever asks whether there is room must not be told too few.
void ReactorPool::adopt(Reactor& home, UniqueFd socket, const PeerAddress& peer,
                        const HandlerFactory& factory) {
  home.adopt(std::move(socket), peer, factory);
  loads_[home.index()].connections.store(home.stream_count(), std::memory_order_relaxed);
}

void ReactorPool::place(Reactor& accepted_on, UniqueFd socket, const PeerAddress& peer,
                        std::shared_ptr<const HandlerFactory> factory) {
  const std::size_t home = home_for(accepted_on);
  if (home == accepted_on.index()) {
    adopt(accepted_on, std::move(socket), peer, *factory);
    return;
  }
  struct Arrival {
    UniqueFd socket;
    PeerAddress peer;
    std::shared_ptr<const HandlerFactory> factory;
  };
  auto owned = std::make_unique<Arrival>(std::move(socket), peer, std::move(factory));
  Arrival& arrival = *owned;
  Task task = [this, home, arriving = std::move(owned)] {
    adopt(reactor(home), std::move(arriving->socket), arriving->peer, *arriving->factory);
    loads_[home].arriving.fetch_sub(1, std::memory_order_relaxed);
  };
  loads_[home].arriving.fetch_add(1, std::memory_order_relaxed);
  if (accepted_on.mailbox_to(home).try_send(task)) {
    accepted_on.probe().handed_over_connection();
    return;
  }
  loads_[home].arriving.fetch_sub(1, std::memory_order_relaxed);
  accepted_on.probe().refused_mail();
  adopt(accepted_on, std::move(arrival.socket), peer, *arrival.factory);
}

}  // namespace carillon::net
