// Every bound of what is kept on disk, with its unit and the reason for the number.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace carillon::cluster::durable::limits {

/// Octets of one record's content: the largest publication that can be configured, with room.
inline constexpr std::size_t kRecordBytes = std::size_t{260} * 1024 * 1024;

/// Octets read from a file at a time.
inline constexpr std::size_t kReadBytes = 1024 * 1024;

/// Octets of a snapshot gathered before they are written.
inline constexpr std::size_t kWriteBytes = 1024 * 1024;

/// Publications of one reactor on their way to the log. What comes beyond is `unavailable`.
inline constexpr std::size_t kLanePublications = 8'192;

/// Footprint of the same, in bytes. A single larger one may pass.
inline constexpr std::size_t kLaneBytes = 32 * 1024 * 1024;

/// Calls of one reactor that wait for publications of their channel to be in the log.
inline constexpr std::size_t kWaitingCalls = 16'384;

/// Octets of what such calls would publish: twice what may be on its way. A single larger one may
/// pass.
inline constexpr std::size_t kWaitingBytes = std::size_t{64} * 1024 * 1024;

/// Octets written and synchronised together, and no more than `log_bytes`: more only makes the
/// first of them wait. A single larger publication may pass.
inline constexpr std::size_t kBatchBytes = 4 * 1024 * 1024;

/// Default of `[history] log_bytes`: octets of a log file at which it is compacted.
inline constexpr std::uint64_t kLogBytes = std::uint64_t{256} * 1024 * 1024;

/// All log files together may have so many times `log_bytes`, and what was written last beyond it;
/// then the log is full until compaction has caught up.
inline constexpr std::uint64_t kLogFilesFactor = 4;

/// How long after a failed compaction the next one is tried; where damage was met, which does not
/// mend itself, twice as long after each time, since each reads everything, up to the longest.
inline constexpr std::chrono::seconds kCompactionRetry{10};
inline constexpr std::chrono::hours kLongestCompactionRetry{1};

/// At most one log line about failing writes per this time.
inline constexpr std::chrono::seconds kTroubleLogInterval{5};

/// Files that could not be read are kept aside for people; beyond so many the oldest are removed.
inline constexpr std::size_t kKeptCorruptFiles = 8;

/// Histories that were put aside, of which none is removed: who has so many must look at them.
inline constexpr int kUnusedHistories = 100;

}  // namespace carillon::cluster::durable::limits
