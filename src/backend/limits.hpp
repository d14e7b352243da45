// Every bound of calls to the application, with its unit and its reason.
#pragma once

#include <chrono>
#include <cstddef>

#include "core/time.hpp"

namespace carillon::backend::limits {

// Connections.
/// Per reactor and URL: what an application server with a few workers can use at a time.
inline constexpr std::size_t kConnections = 8;
/// Calls that wait for one of them, per reactor and URL; beyond, a call fails at once.
inline constexpr std::size_t kWaitingCalls = 1024;
/// How long an unused connection is kept: less than servers keep theirs (60 s and more), so that it
/// is seldom gone when it is wanted.
inline constexpr Duration kIdleTime = std::chrono::seconds(30);

// Names.
/// How long an address is used without asking again: what moves is found within it.
inline constexpr Duration kNameTime = std::chrono::seconds(30);
/// How soon after a failure a name that has an address is asked for again.
inline constexpr Duration kNameRetryTime = std::chrono::seconds(5);
/// Names remembered per reactor; there is one for each URL of the configuration.
inline constexpr std::size_t kNames = 64;

}  // namespace carillon::backend::limits
