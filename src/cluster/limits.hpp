// Every bound of the memory broker, with its unit and the reason for the number.
#pragma once

#include <chrono>
#include <cstddef>

namespace carillon::cluster::limits {

/// Footprint of all histories of the process, in bytes.
inline constexpr std::size_t kHistoryBytes = std::size_t{256} * 1024 * 1024;

/// Channels that were published to and are not yet reduced to metadata, in all.
inline constexpr std::size_t kLiveChannels = 100'000;

/// Expired channels whose numbering is remembered, in all: some 200 bytes each.
inline constexpr std::size_t kRememberedChannels = 1'000'000;

/// How long: nobody comes back to a position after a month.
inline constexpr std::chrono::hours kRememberedTime{30 * 24};

/// Idempotency keys, in all: some 200 bytes each.
inline constexpr std::size_t kDedupeKeys = 1'000'000;

/// Idempotency keys of one publisher in one channel.
inline constexpr std::size_t kDedupeKeysPerPublisher = 1'000;

/// How long a key is remembered: what the protocol promises.
inline constexpr std::chrono::minutes kDedupeTime{5};

/// A channel without subscribers that nobody has published to for so long makes room when the
/// limit on live channels is met. No idempotency key of it is alive then.
inline constexpr std::chrono::minutes kIdleTime = kDedupeTime;

/// Channels looked at in one time step: all 100,000 in some 20 s, a few microseconds each time.
inline constexpr std::size_t kSweptChannels = 512;

/// Idempotency keys forgotten in one time step at most: 100,000 a second.
inline constexpr std::size_t kSweptKeys = 10'000;

}  // namespace carillon::cluster::limits
