// The thread that writes the log of a node: it takes what all homes submit, writes and synchronises
// it together, and tells each what became of it.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "cluster/durable/append_log.hpp"
#include "cluster/durable/compactor.hpp"
#include "cluster/durable/lane.hpp"
#include "cluster/durable/limits.hpp"
#include "core/time.hpp"
#include "net/waker.hpp"

namespace carillon::cluster::durable {

struct JournalSettings {
  LogSettings log;
  std::chrono::milliseconds sync_interval{1000};  // of SyncPolicy::Interval
  std::uint64_t log_bytes = limits::kLogBytes;    // of one file, at which it is compacted
  CompactorSettings compaction;
  std::chrono::milliseconds compaction_retry = limits::kCompactionRetry;
};

/// Everything only grows, except the gauge.
struct JournalCounts {
  std::uint64_t publications = 0;
  std::uint64_t bytes = 0;
  std::uint64_t commits = 0;
  std::uint64_t failed_commits = 0;
  std::uint64_t syncs = 0;
  std::uint64_t compactions = 0;
  std::uint64_t failed_compactions = 0;
  std::uint64_t log_bytes = 0;  // gauge: of all log files
  std::uint64_t commit_microseconds = 0;
};

/// Thread: `start` and `stop` belong to the one that made it, the rest to any; each lane's sides as
///         said there.
class Journal {
 public:
  /// Begins the log's file, so that a folder which cannot be written is known at once.
  /// Throws std::runtime_error where that fails for another reason than a full disk.
  /// Lifetime: the folder outlives it.
  Journal(const DataFolder& folder, JournalSettings settings, LogStart start,
          std::size_t lane_count);
  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;
  ~Journal();

  Lane& lane(std::size_t index) { return *lanes_[index]; }
  void start();
  /// Writes what was submitted before, ends the log, and ends the thread. Quiet when it has ended.
  void stop();

  JournalCounts counts() const;
  /// Why publications are refused at the moment; empty: they are not.
  std::string trouble() const;
  void use(std::shared_ptr<const hub::NamespaceTable> namespaces);

 private:
  struct Share {
    Lane* lane;
    Verdict verdict;
  };
  using Clock = std::chrono::steady_clock;

  void run();
  bool gather();
  void commit();
  void tend();
  void tend_compaction(Clock::time_point now);
  void take_compaction(Clock::time_point now);
  void wait();
  bool has_work() const;
  int wait_milliseconds() const;
  FileResult write_batch();
  void on_failure(int error);
  void on_success();

  net::Waker waker_;
  JournalSettings settings_;
  AppendLog log_;
  Compactor compactor_;
  std::vector<std::unique_ptr<Lane>> lanes_;
  std::size_t first_lane_ = 0;  // of the next batch, so that all have their turn
  std::string batch_;
  std::uint64_t batch_count_ = 0;
  std::vector<Share> shares_;
  Clock::time_point next_sync_;
  Clock::time_point next_compaction_;
  std::chrono::milliseconds compaction_retry_;
  std::uint64_t compacting_number_ = 0;
  Clock::time_point next_trouble_log_;

  std::atomic<int> trouble_{0};  // an errno, or kLogIsFull
  std::atomic<bool> stop_{false};
  struct Counters;
  std::unique_ptr<Counters> counters_;
  std::jthread thread_;
};

}  // namespace carillon::cluster::durable
