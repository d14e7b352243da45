// What outlives the process, from the start of a node to its end.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "cluster/durable/data_folder.hpp"
#include "cluster/durable/journal.hpp"
#include "cluster/durable/limits.hpp"
#include "cluster/durable/recovery.hpp"
#include "cluster/memory_broker.hpp"
#include "core/result.hpp"

namespace carillon::cluster::durable {

enum class Durability : std::uint8_t {
  None,      // nothing outlives the process
  Snapshot,  // an orderly end writes everything, and the next start takes it over
  Log,       // everything is in a log before anybody sees it
};

struct KeeperSettings {
  Durability durability = Durability::None;
  std::string data_directory;
  SyncPolicy sync = SyncPolicy::Always;
  std::chrono::milliseconds sync_interval{1000};
  std::uint64_t log_bytes = limits::kLogBytes;
  CompactorSettings bounds;  // of what is read and of what compaction retains
  std::size_t home_count = 1;
};

/// Thread: the one that wires the node; `journal` is for all.
class HistoryKeeper {
 public:
  /// Takes the data directory and reads what an earlier process left, which it tells on the log.
  /// Errors: in words, with what to do.
  static Result<std::unique_ptr<HistoryKeeper>, std::string> open(KeeperSettings settings,
                                                                  Timestamp now);

  /// What all homes begin with.
  const Origin& origin() const { return origin_; }
  /// Gives them what was read. Before anything runs; once.
  void restore(std::span<MemoryBroker* const> homes);
  /// The node begins to serve: from now on the files that were read are no longer everything, and
  /// the log is written. A start that failed before leaves all as it was.
  /// Errors: in words.
  Result<void, std::string> begin();
  /// Null unless the history is kept in a log.
  Journal* journal() { return journal_.get(); }

  /// After the homes have stopped: writes what they hold, or ends the log.
  /// Errors: in words.
  Result<void, std::string> close(std::span<MemoryBroker* const> homes);

 private:
  HistoryKeeper(KeeperSettings settings, Timestamp now);

  Result<void, std::string> open_folder(Timestamp now);
  void tell(const Recovery& recovery) const;
  void set_corrupt_aside();
  void clear_folder(std::uint64_t first_kept);
  Result<void, std::string> set_unused_aside() const;
  Result<void, std::string> begin_log(Recovery& recovery);
  Result<LogStart, std::string> continue_log(const Recovery& recovery);
  Result<LogStart, std::string> begin_anew(const Recovery& recovery);

  KeeperSettings settings_;
  Origin origin_;
  std::optional<DataFolder> folder_;
  std::unique_ptr<NodeState> state_;
  std::uint64_t last_number_ = 0;  // of the files that were found
  std::vector<std::filesystem::path> corrupt_files_;
  std::unique_ptr<Journal> journal_;
};

}  // namespace carillon::cluster::durable
