#include "cluster/durable/file_reader.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "cluster/durable/limits.hpp"

namespace carillon::cluster::durable {
namespace {

bool is_of_another_version(Bytes octets) {
  if (!octets.starts_with(kMagicName) || octets.starts_with(kMagic)) return false;
  octets.remove_prefix(kMagicName.size());
  const std::size_t digits = octets.find_first_not_of("0123456789");
  return digits != 0 && digits != Bytes::npos && octets[digits] == '\n';
}

}  // namespace

FileReader::FileReader(const std::filesystem::path& path, std::uint64_t most_bytes)
    : file_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)), left_bytes_(most_bytes) {
  if (!file_) read_error_ = errno;
}

std::optional<Record> FileReader::next() {
  if (ended_) return std::nullopt;
  if (!has_magic_ && !read_magic()) return std::nullopt;
  for (;;) {
    const auto size = record_size(window());
    if (!size) return finish_bad(size.error());
    const std::size_t wanted = size->value_or(kFrameBytes);
    if (!ensure(wanted)) {
      if (read_error_ != 0) return finish(FileEndKind::Unreadable, std::strerror(read_error_));
      if (window().empty()) return finish(FileEndKind::Whole, {});
      return finish(FileEndKind::Torn, "it ends within a record");
    }
    if (!*size) continue;
    auto parsed = parse_record(window());
    if (!parsed) return finish_bad(parsed.error());
    used_ += wanted;
    end_.offset += wanted;
    return std::move((*parsed)->record);
  }
}

bool FileReader::read_magic() {
  const bool is_there = ensure(kMagic.size());
  if (read_error_ != 0) {
    finish(FileEndKind::Unreadable, std::strerror(read_error_));
  } else if (is_there && window().starts_with(kMagic)) {
    used_ += kMagic.size();
    end_.offset += kMagic.size();
    has_magic_ = true;
  } else if (is_of_another_version(window())) {
    finish(FileEndKind::Foreign, "it is of another version of Carillon");
  } else {
    const auto [different, expected] = std::ranges::mismatch(window(), kMagic);
    used_ += static_cast<std::size_t>(expected - kMagic.begin());
    if (only_zeros_follow()) {
      finish(FileEndKind::Torn, "it ends before its first record");
    } else {
      finish(FileEndKind::Corrupt, "its first line is damaged");
    }
  }
  return has_magic_;
}

/// Whether the window holds so many octets, after reading as many more as that takes.
bool FileReader::ensure(std::size_t size) {
  while (window().size() < size) {
    if (!read_some(std::max(size - window().size(), limits::kReadBytes))) return false;
  }
  return true;
}

bool FileReader::read_some(std::size_t size) {
  if (read_error_ != 0) return false;
  if (used_ > 0) buffer_.erase(0, std::exchange(used_, 0));
  size = static_cast<std::size_t>(
      std::min({std::uint64_t{size}, left_bytes_, std::uint64_t{limits::kReadBytes}}));
  if (size == 0) return false;
  const std::size_t before = buffer_.size();
  buffer_.resize(before + size);
  ssize_t count = -1;
  do {
    count = ::read(file_.get(), buffer_.data() + before, size);
  } while (count < 0 && errno == EINTR);
  if (count < 0) read_error_ = errno;
  buffer_.resize(before + static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
  left_bytes_ -= static_cast<std::uint64_t>(std::max<ssize_t>(count, 0));
  return count > 0;
}

std::optional<Record> FileReader::finish(FileEndKind kind, std::string reason) {
  ended_ = true;
  end_.kind = kind;
  end_.reason = std::move(reason);
  return std::nullopt;
}

std::optional<Record> FileReader::finish_bad(RecordFault fault) {
  if (only_zeros_follow()) return finish(FileEndKind::Torn, "nothing but zeros follow");
  return finish(FileEndKind::Corrupt, std::string(describe(fault)));
}

/// What a file system leaves where the machine stopped before the octets reached the disk.
bool FileReader::only_zeros_follow() {
  do {
    if (window().find_first_not_of('\0') != Bytes::npos) return false;
    used_ = buffer_.size();
  } while (read_some(limits::kReadBytes));
  return read_error_ == 0;
}

}  // namespace carillon::cluster::durable
