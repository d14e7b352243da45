// Reads a snapshot or a log record by record, and tells where and why it ends.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <optional>
#include <string>

#include "cluster/durable/record.hpp"
#include "net/unique_fd.hpp"

namespace carillon::cluster::durable {

enum class FileEndKind : std::uint8_t {
  Whole,       // the file ends where a record does
  Torn,        // it ends within a record, or in nothing but zeros: its last write did not complete
  Corrupt,     // what follows is no record although it is all there
  Unreadable,  // the kernel does not give it
  Foreign,     // another program's, or a later version's
};

struct FileEnd {
  FileEndKind kind = FileEndKind::Whole;
  std::uint64_t offset = 0;  // up to here everything is good
  std::string reason;        // a sentence, empty when whole
};

class FileReader {
 public:
  static constexpr std::uint64_t kEverything = std::numeric_limits<std::uint64_t>::max();

  /// What is beyond `most_bytes` is not looked at.
  explicit FileReader(const std::filesystem::path& path, std::uint64_t most_bytes = kEverything);

  /// Empty at the end, which `end()` then tells.
  std::optional<Record> next();
  const FileEnd& end() const { return end_; }

 private:
  Bytes window() const { return Bytes(buffer_).substr(used_); }
  bool ensure(std::size_t size);
  bool read_some(std::size_t size);
  bool read_magic();
  std::optional<Record> finish(FileEndKind kind, std::string reason);
  std::optional<Record> finish_bad(RecordFault fault);
  bool only_zeros_follow();

  net::UniqueFd file_;
  std::uint64_t left_bytes_;
  std::string buffer_;
  std::size_t used_ = 0;
  bool has_magic_ = false;
  bool ended_ = false;
  int read_error_ = 0;
  FileEnd end_;
};

}  // namespace carillon::cluster::durable
