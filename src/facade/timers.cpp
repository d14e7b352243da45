#include "facade/timers.hpp"

#include <algorithm>
#include <utility>

#include "facade/guard.hpp"

namespace carillon::facade {

bool Timers::start(std::uint64_t number, Duration delay, Duration period,
                   std::function<void()> task) {
  if (timers_.size() >= kTimers) return false;
  if (period > Duration::zero()) period = std::max(period, kShortestPeriod);
  Timer& timer = timers_[number];
  timer.task = std::move(task);
  timer.period = period;
  arm(number, timer, std::max(delay, Duration::zero()));
  return true;
}

void Timers::cancel(std::uint64_t number) {
  const auto found = timers_.find(number);
  if (found == timers_.end()) return;
  reactor_.cancel(found->second.pending);
  timers_.erase(found);
}

void Timers::arm(std::uint64_t number, Timer& timer, Duration delay) {
  timer.pending = reactor_.after(delay, [this, number] { fire(number); });
}

/// The task may cancel its own timer, and start others.
void Timers::fire(std::uint64_t number) {
  const auto due = timers_.find(number);
  if (due == timers_.end()) return;
  std::function<void()> task = std::move(due->second.task);
  if (due->second.period == Duration::zero()) timers_.erase(due);
  const bool done = guarded("a timer's task", task);
  const auto again = timers_.find(number);
  if (again == timers_.end()) return;
  if (!done) {
    timers_.erase(again);
    return;
  }
  again->second.task = std::move(task);
  arm(number, again->second, again->second.period);
}

}  // namespace carillon::facade
