// How other threads wake a reactor that sleeps, at the price of one load when it does not.
#pragma once

#include <atomic>

#include "net/unique_fd.hpp"

namespace carillon::net {

/// An eventfd that is written only while its reactor sleeps.
/// The sleeper announces itself and then looks at its queues; a sender fills a queue and then looks
/// whether the sleeper is announced. All four are sequentially consistent, so at least one of the
/// two sees the other: no wake-up is lost (Dekker's argument).
class Waker {
 public:
  /// Throws std::system_error without a descriptor: start-up only.
  Waker();

  int fd() const { return event_.get(); }

  /// Any thread, after the work was made visible by a sequentially consistent store.
  void wake();

  /// The reactor: before it looks at its queues for the last time.
  void announce_sleep() { asleep_.store(true); }
  /// The reactor: it is awake, senders need not write.
  void announce_awake() { asleep_.store(false); }
  /// The reactor: takes the event back when the descriptor is readable.
  void drain();

 private:
  UniqueFd event_;
  std::atomic<bool> asleep_{false};
};

}  // namespace carillon::net
