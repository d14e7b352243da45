// Brings back what the files in the data folder tell, and says what is wrong with them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cluster/durable/data_folder.hpp"
#include "cluster/durable/file_reader.hpp"
#include "cluster/durable/node_state.hpp"
#include "core/result.hpp"

namespace carillon::cluster::durable {

struct RecoverySettings {
  const hub::NamespaceTable& namespaces;
  BudgetLimits limits;
  Timestamp now;
  std::string boot;  // boot_id()
  /// Logs from this number on are not looked at; 0: all are.
  std::uint64_t end_number = 0;
};

/// What was found to be wrong with one file.
struct Finding {
  std::filesystem::path file;
  std::uint64_t offset = 0;
  std::string what;
  /// Beyond the last write, which nobody was told of: else somebody may miss something.
  bool is_harmless = false;
};

struct Recovery {
  std::unique_ptr<NodeState> state;  // never null
  std::vector<Finding> findings;
  /// Where nothing is lost all the same, snapshots that an older one with its logs stands in for.
  std::vector<std::filesystem::path> corrupt_files;
  /// Something that readers were given may be missing: all epochs have been renewed.
  bool is_renewed = false;
  bool found_anything = false;
  std::uint64_t last_number = 0;        // of all files; 0: there is none
  std::uint64_t snapshot = 0;           // that was taken, of those there are; 0: none
  std::uint64_t last_log = 0;           // 0: there is none
  std::uint64_t last_log_bytes = 0;     // how far that one counts
  std::uint64_t publication_count = 0;  // read, not retained
};

/// Reads the newest snapshot that is whole, and the logs from it on. Changes no file.
/// Errors: in words, where a file cannot be read or is of another version: nothing may be done to
///         the files then.
Result<Recovery, std::string> recover(const DataFolder& folder, const RecoverySettings& settings);

}  // namespace carillon::cluster::durable
