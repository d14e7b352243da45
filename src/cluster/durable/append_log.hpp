// The log as a chain of files: each names the one before it and how far that one counts, so that
// what a failed write left there is never read.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cluster/durable/data_folder.hpp"
#include "cluster/durable/output_file.hpp"
#include "cluster/durable/record.hpp"

namespace carillon::cluster::durable {

/// A file of the chain that is not written any more, and no snapshot holds yet.
struct ClosedLog {
  std::uint64_t number = 0;
  std::uint64_t bytes = 0;
};

/// Where a chain goes on.
struct LogStart {
  std::uint64_t next_number = 1;
  /// The last file of the chain; number 0: it begins here; `next_number`: on a snapshot of that.
  ClosedLog previous;
  /// All there are, `previous` included.
  std::vector<ClosedLog> closed;
};

struct LogSettings {
  SyncPolicy sync = SyncPolicy::Always;
  std::string boot;
  Origin origin;
  FileCalls calls;
};

/// Errors: an errno. After each failure nothing of that call is in the log, and the next one tries
///         again, on a new file where the old one cannot be trusted.
/// Thread: one.
class AppendLog {
 public:
  /// Lifetime: the folder outlives it.
  AppendLog(const DataFolder& folder, LogSettings settings, LogStart start);

  /// Begins a file that continues the current one. Also the first one, which `commit` else does.
  FileResult begin_file();
  /// Appends records, as durably as the policy says.
  FileResult commit(Bytes records, std::uint64_t record_count);
  /// What was appended so far outlives the machine.
  FileResult sync();
  /// Nothing follows: the next start need not ask whether something is missing.
  FileResult finish();

  bool has_unsynced() const { return has_unsynced_; }
  std::uint64_t number() const { return current_.number; }
  std::uint64_t file_bytes() const { return current_.bytes; }
  std::uint64_t total_bytes() const;
  const std::vector<ClosedLog>& closed() const { return closed_; }
  /// A snapshot holds the files of lower numbers, which are gone.
  void forget_before(std::uint64_t number);

 private:
  FileResult try_begin(const HeaderRecord& header, OutputFile& file);

  const DataFolder& folder_;
  LogSettings settings_;
  std::uint64_t next_number_;
  ClosedLog previous_;
  std::vector<ClosedLog> closed_;
  std::optional<OutputFile> file_;
  ClosedLog current_;  // how far the current file counts
  std::uint64_t record_count_ = 0;
  bool has_unsynced_ = false;
};

}  // namespace carillon::cluster::durable
