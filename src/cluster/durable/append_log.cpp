#include "cluster/durable/append_log.hpp"

#include <numeric>
#include <system_error>
#include <utility>

namespace carillon::cluster::durable {

AppendLog::AppendLog(const DataFolder& folder, LogSettings settings, LogStart start)
    : folder_(folder),
      settings_(std::move(settings)),
      next_number_(start.next_number),
      previous_(start.previous),
      closed_(std::move(start.closed)) {}

FileResult AppendLog::begin_file() {
  // The new file vouches for the old one, so that has to be on the disk; one that failed already
  // counts only as far as it was before.
  if (file_ && !file_->is_spoilt()) TRY(sync());
  const std::filesystem::path path = folder_.log(next_number_);
  const ClosedLog previous = file_ ? current_ : previous_;
  auto file = OutputFile::create(path, settings_.calls);
  if (!file) return std::unexpected(file.error());
  const FileResult begun = try_begin({.kind = FileKind::Log,
                                      .sync = settings_.sync,
                                      .number = next_number_,
                                      .previous_number = previous.number,
                                      .previous_bytes = previous.bytes,
                                      .boot = settings_.boot,
                                      .origin = settings_.origin},
                                     *file);
  if (!begun) {
    std::error_code ignored;
    std::filesystem::remove(path, ignored);
    return begun;
  }
  if (file_) closed_.push_back(current_);
  current_ = {.number = next_number_++, .bytes = file->size()};
  file_ = std::move(*file);
  record_count_ = 1;
  has_unsynced_ = false;
  return {};
}

FileResult AppendLog::try_begin(const HeaderRecord& header, OutputFile& file) {
  std::string text(kMagic);
  append_record(text, header);
  TRY(file.append(text));
  TRY(file.sync());
  try {
    folder_.sync();
  } catch (const std::filesystem::filesystem_error& error) {
    return std::unexpected(error.code().value());
  }
  return {};
}

FileResult AppendLog::commit(Bytes records, std::uint64_t record_count) {
  if (!file_ || file_->is_spoilt()) TRY(begin_file());
  TRY(file_->append(records));
  if (settings_.sync == SyncPolicy::Always) {
    const FileResult synced = file_->sync();
    if (!synced) {
      // It must not be read again even if it did get there; the next file says so, too.
      [[maybe_unused]] const FileResult cut = file_->cut(current_.bytes);
      return synced;
    }
  } else {
    has_unsynced_ = true;
  }
  current_.bytes = file_->size();
  record_count_ += record_count;
  return {};
}

FileResult AppendLog::sync() {
  if (!has_unsynced_) return {};
  TRY(file_->sync());
  has_unsynced_ = false;
  return {};
}

FileResult AppendLog::finish() {
  if (!file_ || file_->is_spoilt()) TRY(begin_file());
  std::string text;
  append_record(text, EndRecord{.record_count = record_count_});
  TRY(file_->append(text));
  return file_->sync();
}

std::uint64_t AppendLog::total_bytes() const {
  return std::accumulate(closed_.begin(), closed_.end(), current_.bytes,
                         [](std::uint64_t sum, const ClosedLog& log) { return sum + log.bytes; });
}

void AppendLog::forget_before(std::uint64_t number) {
  std::erase_if(closed_, [number](const ClosedLog& log) { return log.number < number; });
}

}  // namespace carillon::cluster::durable
