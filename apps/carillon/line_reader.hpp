// Lines of a descriptor as they come, several at a time where several are there.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "core/result.hpp"

namespace carillon::app {

/// Bounds of what is read at a time.
struct LineLimits {
  std::size_t batch_lines = 500;         // a request's array may have 1,000
  std::size_t batch_bytes = 256 * 1024;  // a request's body may have 1 MiB, and is mostly quotes
  std::size_t line_bytes = 16 * 1024 * 1024;
};

/// Thread: one thread; it blocks while it waits for input.
class LineReader {
 public:
  explicit LineReader(int fd, LineLimits limits = {}) : fd_(fd), limits_(limits) {}

  /// Waits for at least one line, and takes what else is there. Lines come without their LF; a last
  /// one without LF counts. Empty: the end.
  /// Errors: a sentence: a line that is too long, or what the system said.
  Result<std::vector<std::string>, std::string> next();
  /// All that is left as one text.
  /// Errors: as above; the limit is that of a line.
  Result<std::string, std::string> rest();

 private:
  Result<void, std::string> read_more();
  std::optional<std::string> take_line();
  std::unexpected<std::string> too_large() const;

  int fd_;
  LineLimits limits_;
  std::string buffer_;
  std::size_t begin_ = 0;    // of the first line in the buffer that has not been taken
  std::size_t scanned_ = 0;  // no LF between `begin_` and here
  bool ended_ = false;
};

}  // namespace carillon::app
