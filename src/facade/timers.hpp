// The application's timers on one reactor.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <unordered_map>

#include "core/time.hpp"
#include "net/reactor.hpp"

namespace carillon::facade {

/// Timers of one reactor; more are a mistake of the program.
inline constexpr std::size_t kTimers = 1'000'000;
/// The shortest period: below it the reactor would do nothing else.
inline constexpr Duration kShortestPeriod = std::chrono::milliseconds(10);

/// Thread: its reactor's.
class Timers {
 public:
  explicit Timers(net::Reactor& reactor) : reactor_(reactor) {}
  Timers(const Timers&) = delete;
  Timers& operator=(const Timers&) = delete;

  /// `period` zero: once. A task that throws ends its timer.
  /// Returns: false when there are too many.
  bool start(std::uint64_t number, Duration delay, Duration period, std::function<void()> task);
  void cancel(std::uint64_t number);

 private:
  struct Timer {
    std::function<void()> task;
    Duration period{};
    net::TimerId pending;
  };

  void arm(std::uint64_t number, Timer& timer, Duration delay);
  void fire(std::uint64_t number);

  net::Reactor& reactor_;
  std::unordered_map<std::uint64_t, Timer> timers_;
};

}  // namespace carillon::facade
