// What came at a rate, by key, for all reactors together.
#pragma once

#include <cstdint>
#include <optional>

#include "access/limit_key.hpp"
#include "access/limit_sketch.hpp"
#include "access/rate.hpp"
#include "core/time.hpp"

namespace carillon::access {

/// RateBucket for any number of keys. It never lets more through than one bucket would, but for
/// what two threads count in the same instant; keys that share all their cells share a bucket.
/// Memory: at most 8 MiB, whoever comes.
/// Thread: any.
class RateTable {
 public:
  /// As RateBucket::take.
  std::optional<Duration> take(LimitKey key, const Rate& rate, TimePoint now,
                               std::int64_t amount = 1);

 private:
  LimitSketch<std::int64_t> clear_at_;  // nanoseconds of the steady clock
};

}  // namespace carillon::access
