// How much of something a peer may do: so much at once, and so much each second.
#pragma once

#include "core/time.hpp"

namespace carillon::http2 {

/// A bucket of tokens that fills with time.
class Allowance {
 public:
  Allowance(double capacity, double per_second)
      : capacity_(capacity), per_second_(per_second), tokens_(capacity) {}

  /// Takes one; false: there is none.
  bool take(TimePoint now);
  /// Gives one back, up to the capacity.
  void give_back();

 private:
  double capacity_;
  double per_second_;
  double tokens_;
  TimePoint filled_;
};

}  // namespace carillon::http2
