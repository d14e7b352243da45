#include "access/rate_table.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <limits>

namespace carillon::access {
namespace {

TimePoint time_at(std::int64_t nanoseconds) {
  return TimePoint(std::chrono::nanoseconds(nanoseconds));
}

void raise_to(std::int64_t& number, std::int64_t value) {
  const std::atomic_ref cell(number);
  std::int64_t seen = cell.load(std::memory_order_relaxed);
  while (seen < value && !cell.compare_exchange_weak(seen, value, std::memory_order_relaxed)) {
  }
}

}  // namespace

std::optional<Duration> RateTable::take(LimitKey key, const Rate& rate, TimePoint now,
                                        std::int64_t amount) {
  if (!rate.is_limited()) return std::nullopt;
  const auto cells = clear_at_.cells_of(key);
  std::int64_t least = std::numeric_limits<std::int64_t>::max();
  for (std::int64_t* cell : cells) {
    least = std::min(least, std::atomic_ref(*cell).load(std::memory_order_relaxed));
  }
  const TimePoint clear = time_at(least);
  if (const auto left = RateBucket::wait(rate, now, clear, amount)) return left;
  const TimePoint next = RateBucket::next(rate, now, clear, amount);
  for (std::int64_t* cell : cells) raise_to(*cell, next.time_since_epoch().count());
  return std::nullopt;
}

}  // namespace carillon::access
