// The folder in which the history outlives the process: `history` in the data directory.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/result.hpp"
#include "net/unique_fd.hpp"

namespace carillon::cluster::durable {

/// The numbers of the files there, ascending.
struct FileList {
  std::vector<std::uint64_t> snapshots;
  std::vector<std::uint64_t> logs;
};

/// Owned by one process at a time, by a lock that ends with it.
/// Errors: of the file system are thrown as std::filesystem::filesystem_error unless said
///         otherwise.
class DataFolder {
 public:
  /// Makes the folder where it is not there.
  /// Errors: why it cannot be used, and what to do, in words.
  static Result<DataFolder, std::string> open(const std::string& data_directory);

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path snapshot(std::uint64_t number) const;
  std::filesystem::path log(std::uint64_t number) const;
  /// What a snapshot is called before it is complete.
  std::filesystem::path unfinished_snapshot() const;

  FileList list() const;
  /// Quiet when it is not there.
  void remove(const std::filesystem::path& file) const;
  /// Keeps a file that cannot be used for people to look at; returns its new path.
  std::filesystem::path set_aside(const std::filesystem::path& file) const;
  /// Makes new and removed names outlive the machine.
  void sync() const;

 private:
  explicit DataFolder(std::filesystem::path path) : path_(std::move(path)) {}

  std::filesystem::path path_;
  net::UniqueFd lock_;
};

/// Moves a history aside that nobody will go on with: `history` becomes `history.unused`, or
/// `history.unused.2` and so on, since an older one is not to be lost. Returns its new path; empty:
/// there was none.
/// Errors: in words.
Result<std::filesystem::path, std::string> set_history_aside(const std::string& data_directory);

/// Names this run of the machine's kernel; empty when it cannot be told.
std::string boot_id();

}  // namespace carillon::cluster::durable
