#include "hub/probe.hpp"

#include <algorithm>

namespace carillon::hub {

void LatencyHistogram::record(std::int64_t microseconds, std::uint64_t times) {
  // A wall clock that was set back in between must not be seen as a wait of centuries.
  const std::int64_t waited = std::max<std::int64_t>(microseconds, 0);
  const auto bucket = std::ranges::lower_bound(kBounds, waited) - kBounds.begin();
  buckets[static_cast<std::size_t>(bucket)] += times;
  count += times;
  sum_microseconds += static_cast<std::uint64_t>(waited) * times;
}

}  // namespace carillon::hub
