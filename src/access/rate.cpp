#include "access/rate.hpp"

namespace carillon::access {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;  // in nanoseconds

/// Amounts are octets at most: more than this in one step is as good as this.
constexpr std::int64_t kMostAmount = std::int64_t{1} << 32;

}  // namespace

Duration Rate::time_of(std::int64_t amount) const {
  const std::int64_t counted = std::clamp<std::int64_t>(amount, 0, kMostAmount);
  return std::chrono::nanoseconds(counted * kSecond / per_second);
}

std::optional<Duration> RateBucket::wait(const Rate& rate, TimePoint now, TimePoint clear,
                                         std::int64_t amount) {
  if (clear <= now) return std::nullopt;
  const TimePoint earliest = clear + rate.time_of(amount) - rate.time_of(rate.burst);
  if (earliest <= now) return std::nullopt;
  return std::min(earliest, clear) - now;
}

std::optional<Duration> RateBucket::take(const Rate& rate, TimePoint now, std::int64_t amount) {
  if (!rate.is_limited()) return std::nullopt;
  if (const auto left = wait(rate, now, clear_, amount)) return left;
  clear_ = next(rate, now, clear_, amount);
  return std::nullopt;
}

}  // namespace carillon::access
