// Every bound of outgoing connections, with its unit and its reason.
#pragma once

#include <chrono>

#include "core/time.hpp"

namespace carillon::outgoing::limits {

/// Silence after which a link is taken for dead: three heartbeats of an event stream (15 s each).
inline constexpr Duration kSilence = std::chrono::seconds(45);

}  // namespace carillon::outgoing::limits
