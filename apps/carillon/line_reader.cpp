#include "apps/carillon/line_reader.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

namespace carillon::app {
namespace {

constexpr std::size_t kReadBytes = 64 * 1024;

}  // namespace

Result<std::vector<std::string>, std::string> LineReader::next() {
  std::vector<std::string> lines;
  std::size_t bytes = 0;
  while (lines.size() < limits_.batch_lines && bytes < limits_.batch_bytes) {
    if (auto line = take_line()) {
      bytes += line->size();
      lines.push_back(std::move(*line));
    } else if (!lines.empty() || ended_) {
      break;
    } else {
      TRY(read_more());
      const bool is_large = buffer_.size() > limits_.line_bytes;
      if (is_large && buffer_.find('\n') > limits_.line_bytes) return too_large();
    }
  }
  return lines;
}

Result<std::string, std::string> LineReader::rest() {
  while (!ended_) {
    TRY(read_more());
    if (buffer_.size() > limits_.line_bytes) return too_large();
  }
  return std::exchange(buffer_, {}).substr(std::exchange(begin_, 0));
}

std::unexpected<std::string> LineReader::too_large() const {
  return std::unexpected(fmt::format("more than {} bytes for one message", limits_.line_bytes));
}

std::optional<std::string> LineReader::take_line() {
  const std::size_t end = buffer_.find('\n', scanned_);
  scanned_ = buffer_.size();
  const bool is_last = end == std::string::npos && ended_ && begin_ < buffer_.size();
  if (end == std::string::npos && !is_last) return std::nullopt;
  const std::size_t size = (is_last ? buffer_.size() : end) - begin_;
  std::string line = buffer_.substr(begin_, size);
  begin_ += size + (is_last ? 0 : 1);
  scanned_ = begin_;
  return line;
}

Result<void, std::string> LineReader::read_more() {
  buffer_.erase(0, begin_);
  scanned_ -= begin_;
  begin_ = 0;
  std::array<char, kReadBytes> piece;
  ssize_t count = -1;
  do {
    count = ::read(fd_, piece.data(), piece.size());
  } while (count < 0 && errno == EINTR);
  if (count < 0) return std::unexpected(std::generic_category().message(errno));
  if (count == 0) ended_ = true;
  buffer_.append(piece.data(), static_cast<std::size_t>(count));
  return {};
}

}  // namespace carillon::app
