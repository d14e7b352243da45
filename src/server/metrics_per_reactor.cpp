#include "server/metrics_per_reactor.hpp"

#include <array>
#include <chrono>

namespace carillon::server {

void write_durations(MetricsText& out, const net::DurationHistogram& durations, Bytes reactor) {
  constexpr std::size_t kBounds = net::DurationHistogram::kBuckets - 1;
  std::array<double, kBounds> bounds{};
  for (std::size_t i = 0; i < kBounds; ++i) {
    bounds[i] = std::chrono::duration<double>(net::DurationHistogram::upper_bound(i)).count();
  }
  out.histogram({.bounds = bounds,
                 .counts = durations.counts(),
                 .sum = std::chrono::duration<double>(durations.sum()).count()},
                {{"reactor", reactor}});
}

}  // namespace carillon::server
