// When the publications of a busy channel had better wait for others, so that more of them leave
// in one flush.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

#include "core/time.hpp"

namespace carillon::hub {

/// Time is cut in windows of limits::kPaceWindow. After one that brought enough deliveries, and at
/// least two publications per interval, flushes are held: two are at least an interval apart.
/// Where that brought no publications together (they wait for each other: the next is published
/// once the last was heard), flushes are left alone for a while, for longer each time.
/// Thread: one thread.
class FlushPacer {
 public:
  /// How long a flush that is due at `now` should wait; zero: not at all. Less than `interval`,
  /// also when the clock was set back.
  std::chrono::microseconds hold(Timestamp now, std::chrono::microseconds interval) const;

  /// A flush begins: of so many publications, each to so many subscribers.
  void on_flush(Timestamp now, std::chrono::microseconds interval, std::size_t publications,
                std::size_t subscribers);

 private:
  bool is_worth_it(std::int64_t age, std::chrono::microseconds interval) const;
  void end_window(std::int64_t age, std::chrono::microseconds interval);

  Timestamp last_flush_;
  // The window: counts since its start.
  Timestamp window_start_;
  std::uint64_t deliveries_ = 0;
  std::uint32_t publications_ = 0;
  std::uint32_t flushes_ = 0;

  bool is_holding_ = false;
  std::uint8_t rest_ = 0;       // windows to come in which nothing is held
  std::uint8_t next_rest_ = 1;  // after the next window in which holding was fruitless
};

}  // namespace carillon::hub
