// A file that is written: every failure is told, and what a failed write left is cut off again.
#pragma once

#include <fcntl.h>
#include <sys/types.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>

#include "core/bytes.hpp"
#include "core/result.hpp"
#include "net/unique_fd.hpp"

namespace carillon::cluster::durable {

/// The system calls that can fail when a disk does; tests put others in their place.
struct FileCalls {
  std::function<ssize_t(int, const void*, std::size_t)> write = ::write;
  std::function<int(int)> sync = ::fdatasync;
  std::function<int(int, off_t)> truncate = ::ftruncate;
};

/// Errors: an errno.
using FileResult = Result<void, int>;

/// Thread: one.
class OutputFile {
 public:
  /// Makes it, or empties it where it is there.
  static Result<OutputFile, int> create(const std::filesystem::path& path, const FileCalls& calls);

  std::uint64_t size() const { return size_; }

  /// All of it or, after a failure, nothing.
  FileResult append(Bytes octets);
  /// On the disk with everything appended so far. After a failure nobody can tell what is.
  FileResult sync();
  /// Whether a failed append or sync left more in the file than `size()` says.
  bool is_spoilt() const { return spoilt_; }
  /// Takes back what was appended beyond `size`.
  FileResult cut(std::uint64_t size);

 private:
  OutputFile(net::UniqueFd file, const FileCalls& calls) : file_(std::move(file)), calls_(calls) {}

  net::UniqueFd file_;
  FileCalls calls_;
  std::uint64_t size_ = 0;
  bool spoilt_ = false;
};

}  // namespace carillon::cluster::durable
