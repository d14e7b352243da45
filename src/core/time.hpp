// Two clocks: a steady one for waiting, and the wall clock that stamps publications.
// Neither is read here: time is an argument everywhere but in the reactor.
#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>

#include "core/bytes.hpp"

namespace carillon {

using Duration = std::chrono::nanoseconds;
using TimePoint = std::chrono::time_point<std::chrono::steady_clock, Duration>;

/// A wall-clock moment. Unit: microseconds since 1970-01-01T00:00:00Z.
struct Timestamp {
  std::int64_t microseconds = 0;
  auto operator<=>(const Timestamp&) const = default;
};

/// Text on the wire: milliseconds with three decimals, e.g. `1732412345678.001`.
std::string to_text(Timestamp timestamp);
void append_text(std::string& out, Timestamp timestamp);

/// Reads milliseconds with decimals; those after the third are cut (as a reader's position
/// that repeats a publication at worst and never loses one). Empty on anything else, on a
/// sign, and on overflow.
std::optional<Timestamp> parse_timestamp(Bytes text);

}  // namespace carillon
