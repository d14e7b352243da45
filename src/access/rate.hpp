// How often something may happen, and how much of it has.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>

#include "core/time.hpp"

namespace carillon::access {

/// So many a second in the long run, and so many at once before that.
struct Rate {
  std::int64_t per_second = 0;  // 0: any number
  std::int64_t burst = 0;       // at least 1 where `per_second` is not 0

  bool is_limited() const { return per_second > 0; }
  /// The time that `amount` takes at this rate.
  Duration time_of(std::int64_t amount) const;
};

/// What came at a rate so far, as the moment at which it will have been forgotten: the generic cell
/// rate algorithm (ITU-T I.371, Annex A), a token bucket in one number.
class RateBucket {
 public:
  /// Counts `amount` and returns empty, or returns after how long that may be tried again. More
  /// than a whole burst passes when nothing has come for long, and is paid for afterwards.
  std::optional<Duration> take(const Rate& rate, TimePoint now, std::int64_t amount = 1);

  /// The steps of `take`, for whoever keeps the moment elsewhere.
  static std::optional<Duration> wait(const Rate& rate, TimePoint now, TimePoint clear,
                                      std::int64_t amount);
  static TimePoint next(const Rate& rate, TimePoint now, TimePoint clear, std::int64_t amount) {
    return std::max(clear, now) + rate.time_of(amount);
  }

 private:
  TimePoint clear_ = TimePoint::min();
};

}  // namespace carillon::access
