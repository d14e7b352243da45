// The wall clock as the hub and the brokers see it: the reactor's, or a test's.
#pragma once

#include "core/time.hpp"

namespace carillon::hub {

class Clock {
 public:
  /// The wall clock. It may stand still during a tick, and jump.
  virtual Timestamp now() const = 0;

 protected:
  ~Clock() = default;
};

}  // namespace carillon::hub
