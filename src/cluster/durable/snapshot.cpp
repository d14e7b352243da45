#include "cluster/durable/snapshot.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <optional>
#include <system_error>
#include <utility>

#include "cluster/durable/limits.hpp"
#include "cluster/durable/node_state.hpp"
#include "core/check.hpp"

namespace carillon::cluster::durable {
namespace {

/// Gathers records and writes them in large pieces. After the first failure it does nothing more.
class SnapshotFile {
 public:
  explicit SnapshotFile(OutputFile file) : file_(std::move(file)) { text_ = kMagic; }

  template <class... Parts>
  void add(const Parts&... parts) {
    append_record(text_, parts...);
    ++record_count_;
    if (text_.size() >= limits::kWriteBytes) flush();
  }

  FileResult finish() {
    add(EndRecord{.record_count = record_count_});
    flush();
    if (error_ == 0) {
      if (const auto synced = file_.sync(); !synced) error_ = synced.error();
    }
    if (error_ != 0) return std::unexpected(error_);
    return {};
  }

  std::uint64_t bytes() const { return file_.size(); }

 private:
  void flush() {
    if (error_ == 0) {
      if (const auto appended = file_.append(text_); !appended) error_ = appended.error();
    }
    text_.clear();
  }

  OutputFile file_;
  std::string text_;
  std::uint64_t record_count_ = 0;
  int error_ = 0;
};

std::string cannot(const std::filesystem::path& path, const char* why) {
  return fmt::format("{} cannot be written: {}", path.string(), why);
}

}  // namespace

Result<SnapshotCounts, std::string> write_snapshot(const DataFolder& folder,
                                                   const HeaderRecord& header,
                                                   std::span<const SnapshotSource> sources,
                                                   const FileCalls& calls) {
  const std::filesystem::path unfinished = folder.unfinished_snapshot();
  auto created = OutputFile::create(unfinished, calls);
  if (!created) return std::unexpected(cannot(unfinished, std::strerror(created.error())));
  SnapshotFile file(*std::move(created));
  SnapshotCounts counts;
  file.add(header);
  for (const SnapshotSource& source : sources) {
    write_channels(
        source.channels, [&](const ChannelRecord& channel) { file.add(channel); },
        [&](const hub::Publication& publication) {
          file.add(publication, std::optional<DedupeTicket>());
          ++counts.publications;
        });
    source.dedupe.for_each([&](const DedupeMemory& memory) { file.add(memory); });
  }
  std::error_code error;
  if (const auto finished = file.finish(); !finished) {
    std::filesystem::remove(unfinished, error);  // it holds the room that something else may need
    return std::unexpected(cannot(unfinished, std::strerror(finished.error())));
  }
  counts.bytes = file.bytes();
  try {
    std::filesystem::rename(unfinished, folder.snapshot(header.number));
    folder.sync();
  } catch (const std::filesystem::filesystem_error& failure) {
    return std::unexpected(cannot(folder.snapshot(header.number), failure.what()));
  }
  return counts;
}

Origin common_origin(std::span<const SnapshotSource> sources) {
  CARILLON_CHECK(!sources.empty());
  Origin origin{.fresh = sources[0].channels.memory().fresh(), .keys = sources[0].dedupe.keys()};
  bool do_agree = true;
  for (const SnapshotSource& source : sources) {
    const Numbering& fresh = source.channels.memory().fresh();
    do_agree = do_agree && fresh.epoch == origin.fresh.epoch;
    origin.fresh.last_timestamp = std::max(origin.fresh.last_timestamp, fresh.last_timestamp);
  }
  if (!do_agree) origin.fresh.epoch = Epoch::random();
  return origin;
}

}  // namespace carillon::cluster::durable
