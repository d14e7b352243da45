#include "cluster/durable/history_keeper.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <exception>
#include <filesystem>
#include <utility>

#include "cluster/durable/snapshot.hpp"
#include "core/log.hpp"

namespace carillon::cluster::durable {
namespace {

namespace fs = std::filesystem;

/// A log of an earlier process, which the next file vouches for.
void sync_file(const fs::path& path) {
  const net::UniqueFd file(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
  if (!file || ::fdatasync(file.get()) != 0) {
    throw fs::filesystem_error("cannot synchronise", path,
                               std::error_code(errno, std::generic_category()));
  }
}

std::vector<SnapshotSource> sources_of(std::span<MemoryBroker* const> homes) {
  std::vector<SnapshotSource> sources;
  for (MemoryBroker* const home : homes) sources.push_back({home->channels(), home->dedupe()});
  return sources;
}

}  // namespace

HistoryKeeper::HistoryKeeper(KeeperSettings settings, Timestamp now)
    : settings_(std::move(settings)), origin_(Origin::random(now)) {}

Result<std::unique_ptr<HistoryKeeper>, std::string> HistoryKeeper::open(KeeperSettings settings,
                                                                        Timestamp now) {
  std::unique_ptr<HistoryKeeper> keeper(new HistoryKeeper(std::move(settings), now));
  if (keeper->settings_.durability == Durability::None) return keeper;
  try {
    TRY(keeper->open_folder(now));
  } catch (const std::exception& error) {
    return std::unexpected(std::string(error.what()));
  }
  return keeper;
}

Result<void, std::string> HistoryKeeper::open_folder(Timestamp now) {
  folder_ = TRY(DataFolder::open(settings_.data_directory));
  Recovery recovery = TRY(recover(*folder_, {.namespaces = *settings_.bounds.namespaces,
                                             .limits = settings_.bounds.limits,
                                             .now = now,
                                             .boot = boot_id()}));
  tell(recovery);
  last_number_ = recovery.last_number;
  corrupt_files_ = recovery.corrupt_files;
  if (recovery.found_anything) origin_ = recovery.state->origin();
  if (settings_.durability == Durability::Log) TRY(begin_log(recovery));
  state_ = std::move(recovery.state);
  return {};
}

void HistoryKeeper::tell(const Recovery& recovery) const {
  for (const Finding& finding : recovery.findings) {
    if (finding.is_harmless) {
      log::warn(
          "history: {} at byte {}: {}; it is cut there, nothing that was acknowledged is lost",
          finding.file.string(), finding.offset, finding.what);
    } else {
      log::error("history: {} at byte {}: {}", finding.file.string(), finding.offset, finding.what);
    }
  }
  if (recovery.is_renewed) {
    log::error(
        "history: something may be lost, so every channel begins a new epoch and its readers "
        "are told of a gap");
  }
  if (!recovery.found_anything) return;
  std::size_t channel_count = 0;
  std::size_t retained_count = 0;
  recovery.state->channels().for_each([&](const Channel& channel) {
    ++channel_count;
    retained_count += channel.log.size();
  });
  log::info("history: {} channels with {} publications, and {} remembered ones, read from {}",
            channel_count, retained_count, recovery.state->channels().memory().size(),
            folder_->path().string());
}

/// Keeps the files that are damaged for people.
void HistoryKeeper::set_corrupt_aside() {
  for (const fs::path& corrupt : std::exchange(corrupt_files_, {})) {
    log::warn("history: the damaged file is kept as {}", folder_->set_aside(corrupt).string());
  }
}

/// Removes the files that nobody needs.
void HistoryKeeper::clear_folder(std::uint64_t first_kept) {
  set_corrupt_aside();
  const FileList files = folder_->list();
  for (const std::uint64_t number : files.snapshots) {
    if (number < first_kept) folder_->remove(folder_->snapshot(number));
  }
  for (const std::uint64_t number : files.logs) {
    if (number < first_kept) folder_->remove(folder_->log(number));
  }
  folder_->sync();
}

Result<void, std::string> HistoryKeeper::begin_log(Recovery& recovery) {
  LogStart start = recovery.is_renewed ? TRY(begin_anew(recovery)) : TRY(continue_log(recovery));
  journal_ = std::make_unique<Journal>(*folder_,
                                       JournalSettings{.log = {.sync = settings_.sync,
                                                               .boot = boot_id(),
                                                               .origin = origin_,
                                                               .calls = settings_.bounds.calls},
                                                       .sync_interval = settings_.sync_interval,
                                                       .log_bytes = settings_.log_bytes,
                                                       .compaction = settings_.bounds},
                                       std::move(start), settings_.home_count);
  return {};
}

Result<LogStart, std::string> HistoryKeeper::continue_log(const Recovery& recovery) {
  set_corrupt_aside();
  const FileList files = folder_->list();
  const std::uint64_t snapshot = recovery.snapshot;
  LogStart start;
  for (const std::uint64_t number : files.logs) {
    const fs::path path = folder_->log(number);
    if (number > recovery.last_log) {
      folder_->remove(path);
      continue;
    }
    if (number == recovery.last_log) {
      fs::resize_file(path, recovery.last_log_bytes);
      sync_file(path);
      start.previous = {.number = number, .bytes = recovery.last_log_bytes};
    }
    if (number >= snapshot)
      start.closed.push_back({.number = number, .bytes = fs::file_size(path)});
  }
  // A snapshot that no log follows yet is followed by the one of its own number.
  const bool is_on_snapshot = snapshot > 0 && start.closed.empty();
  start.next_number = is_on_snapshot ? snapshot : recovery.last_number + 1;
  if (is_on_snapshot) start.previous = {.number = snapshot, .bytes = 0};
  return start;
}

/// The files are not what they were: what could be read of them becomes the new beginning.
Result<LogStart, std::string> HistoryKeeper::begin_anew(const Recovery& recovery) {
  const std::uint64_t number = recovery.last_number + 1;
  const SnapshotSource source{recovery.state->channels(), recovery.state->dedupe()};
  const HeaderRecord header{
      .kind = FileKind::Snapshot, .number = number, .boot = {}, .origin = origin_};
  TRY(write_snapshot(*folder_, header, {&source, 1}, settings_.bounds.calls));
  clear_folder(number);
  return LogStart{.next_number = number, .previous = {.number = number, .bytes = 0}, .closed = {}};
}

void HistoryKeeper::restore(std::span<MemoryBroker* const> homes) {
  if (state_) state_->move_into(homes);
  state_.reset();
}

Result<void, std::string> HistoryKeeper::begin() {
  if (settings_.durability == Durability::None) return set_unused_aside();
  if (journal_) {
    journal_->start();
    return {};
  }
  try {
    // Now it is in memory alone. What is there will be old if this process ends in another way than
    // in order: the next one must not take it for everything.
    clear_folder(last_number_ + 1);
    return {};
  } catch (const std::exception& error) {
    return std::unexpected(std::string(error.what()));
  }
}

Result<void, std::string> HistoryKeeper::set_unused_aside() const {
  const std::string& directory = settings_.data_directory;
  const fs::path aside = TRY(set_history_aside(directory));
  if (!aside.empty()) {
    log::warn(
        "history: [history] durability is \"none\", so what {} holds is not used; it is in {} now",
        directory, aside.filename().string());
  }
  return {};
}

Result<void, std::string> HistoryKeeper::close(std::span<MemoryBroker* const> homes) {
  if (journal_) journal_->stop();
  if (settings_.durability != Durability::Snapshot) return {};
  const std::vector<SnapshotSource> sources = sources_of(homes);
  const HeaderRecord header{.kind = FileKind::Snapshot,
                            .number = last_number_ + 1,
                            .boot = {},
                            .origin = common_origin(sources)};
  const SnapshotCounts counts =
      TRY(write_snapshot(*folder_, header, sources, settings_.bounds.calls));
  log::info("history: {} publications kept in {}", counts.publications, folder_->path().string());
  return {};
}

}  // namespace carillon::cluster::durable
