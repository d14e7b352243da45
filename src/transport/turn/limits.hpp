// Every bound of this module that no setting is for, with its unit and its reason.
#pragma once

#include <chrono>
#include <cstddef>

#include "core/time.hpp"

namespace carillon::transport::limits {

/// Ports that are tried for one relay before it is refused: where so many of the range are taken by
/// other programs, it is the wrong range.
inline constexpr std::size_t kPortTries = 64;
/// How long a port that was reserved by EVEN-PORT waits for its client (RFC 8656 §7.2: 30 seconds).
inline constexpr Duration kReservationTime = std::chrono::seconds(30);
/// Ports that wait so.
inline constexpr std::size_t kReservations = 1024;
/// Datagrams taken from one listener per tick, in batches: a flood must not starve the relays.
inline constexpr std::size_t kBatchesPerTick = 4;
/// How often allocations whose time is over are looked for.
inline constexpr Duration kTurnTimeStep = std::chrono::milliseconds(500);
/// How long a TCP client may have no allocation.
inline constexpr Duration kIdleClientTime = std::chrono::seconds(30);
/// Octets that may wait for one TCP client; what comes beyond is dropped, as on a full link.
inline constexpr std::size_t kClientOutboxBytes = 256 * 1024;
/// Octets of answers that may wait beyond that. A client by TCP does not ask again (RFC 8489
/// §6.2.2), so answers are not dropped; one that leaves more of them unread is hung up on.
inline constexpr std::size_t kClientAnswerBytes = 64 * 1024;

}  // namespace carillon::transport::limits
