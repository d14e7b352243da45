// How long to wait before the next try, so that a server that comes back is not run over by
// everybody at once.
#pragma once

#include <cstdint>

#include "client/limits.hpp"
#include "core/time.hpp"

namespace carillon::client {

/// Exponential backoff with full jitter: each wait is drawn evenly from nothing up to a bound, and
/// the bound doubles with each failure.
class Backoff {
 public:
  explicit Backoff(Duration first = limits::kBackoffFirst,
                   Duration longest = limits::kBackoffLongest)
      : first_(first), longest_(longest), bound_(first) {}

  /// `random`: 64 fresh random bits.
  Duration next(std::uint64_t random);
  /// Something worked.
  void reset() { bound_ = first_; }

 private:
  Duration first_;
  Duration longest_;
  Duration bound_;
};

}  // namespace carillon::client
