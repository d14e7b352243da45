#include "client/backoff.hpp"

#include <algorithm>

namespace carillon::client {

Duration Backoff::next(std::uint64_t random) {
  constexpr std::uint64_t kSteps = 1 << 20;  // fine enough, and no product overflows
  const auto step = static_cast<Duration::rep>(random % (kSteps + 1));
  const Duration wait = bound_ / static_cast<Duration::rep>(kSteps) * step;
  bound_ = std::min(bound_ * 2, longest_);
  return wait;
}

}  // namespace carillon::client
