#include "cluster/durable/recovery.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace carillon::cluster::durable {
namespace {

/// How the reading of one file went.
struct Reading {
  std::optional<HeaderRecord> header;
  FileEnd end;
  bool has_end_record = false;
  bool is_broken = false;  // publications are missing before one that is there
  std::uint64_t record_count = 0;
  std::uint64_t publication_count = 0;

  bool is_whole() const {
    return header.has_value() && end.kind == FileEndKind::Whole && has_end_record;
  }
};

class Reader {
 public:
  Reader(const DataFolder& folder, const RecoverySettings& settings)
      : folder_(folder), settings_(settings), files_(folder.list()) {
    const auto is_beyond = [&](std::uint64_t number) {
      return settings.end_number > 0 && number >= settings.end_number;
    };
    std::erase_if(files_.logs, is_beyond);
    std::erase_if(files_.snapshots, is_beyond);
  }

  Result<Recovery, std::string> run() {
    result_.found_anything = !files_.logs.empty() || !files_.snapshots.empty();
    for (const auto* numbers : {&files_.logs, &files_.snapshots}) {
      if (!numbers->empty()) result_.last_number = std::max(result_.last_number, numbers->back());
    }
    const std::uint64_t snapshot = TRY(read_snapshots());
    result_.snapshot = snapshot;
    std::erase_if(files_.logs, [&](std::uint64_t number) { return number < snapshot; });
    TRY(read_logs(snapshot));
    if (!result_.state) start({});
    if (lost_) {
      result_.state->renew(Epoch::random());
      result_.is_renewed = true;
    }
    result_.state->settle();
    return std::move(result_);
  }

 private:
  void start(const std::optional<HeaderRecord>& header) {
    const Origin origin = header ? header->origin : Origin::random(settings_.now);
    result_.state =
        std::make_unique<NodeState>(settings_.namespaces, settings_.limits, origin, settings_.now);
  }

  /// Takes the records of one file into the state, which its header makes where there is none yet.
  Result<Reading, std::string> read(const std::filesystem::path& path, FileKind kind,
                                    std::uint64_t most_bytes = FileReader::kEverything) {
    FileReader file(path, most_bytes);
    Reading reading;
    while (std::optional<Record> record = file.next()) {
      if (!take(*std::move(record), kind, reading)) {
        reading.end = {.kind = FileEndKind::Corrupt,
                       .offset = file.end().offset,
                       .reason = "its records are not in order"};
        return reading;
      }
    }
    reading.end = file.end();
    if (reading.end.kind == FileEndKind::Foreign || reading.end.kind == FileEndKind::Unreadable) {
      return std::unexpected(fmt::format("{}: {}", path.string(), reading.end.reason));
    }
    return reading;
  }

  bool take(Record record, FileKind kind, Reading& reading) {
    const bool is_header = std::holds_alternative<HeaderRecord>(record);
    if (is_header == reading.header.has_value() || reading.has_end_record) return false;
    if (auto* const header = std::get_if<HeaderRecord>(&record)) {
      if (header->kind != kind) return false;
      reading.header = std::move(*header);
      if (!result_.state) start(reading.header);
    } else if (auto* const channel = std::get_if<ChannelRecord>(&record)) {
      result_.state->apply(*channel);
    } else if (auto* const publication = std::get_if<PublicationRecord>(&record)) {
      if (!result_.state->apply(std::move(*publication))) reading.is_broken = true;
      ++reading.publication_count;
    } else if (auto* const memory = std::get_if<DedupeMemory>(&record)) {
      result_.state->apply(*memory);
    } else if (const auto* const deletion = std::get_if<DeletionRecord>(&record)) {
      result_.state->apply(*deletion);
    } else if (const auto* const end = std::get_if<EndRecord>(&record)) {
      reading.has_end_record = true;
      return end->record_count == reading.record_count;
    }
    ++reading.record_count;
    return true;
  }

  /// The number of the snapshot that was taken; 0: there is none.
  Result<std::uint64_t, std::string> read_snapshots() {
    for (auto number = files_.snapshots.rbegin(); number != files_.snapshots.rend(); ++number) {
      const std::filesystem::path path = folder_.snapshot(*number);
      result_.state.reset();
      const Reading reading = TRY(read(path, FileKind::Snapshot));
      if (reading.is_whole() && !reading.is_broken) {
        result_.publication_count += reading.publication_count;
        must_have_log_ = reading.header->is_followed;
        lost_ = false;  // an older one with all its logs is as good
        return *number;
      }
      FileEnd end = reading.end;
      if (end.reason.empty()) end.reason = "its end is missing";
      note_corrupt(path, end);
    }
    result_.state.reset();
    if (files_.snapshots.empty()) return 0;
    // The good part of the newest is better than nothing, once everybody is told.
    const std::uint64_t newest = files_.snapshots.back();
    TRY(read(folder_.snapshot(newest), FileKind::Snapshot));
    return newest;
  }

  Result<void, std::string> read_logs(std::uint64_t snapshot) {
    const std::vector<std::uint64_t>& logs = files_.logs;
    if (must_have_log_ && (logs.empty() || logs.front() != snapshot)) {
      note_loss(folder_.log(snapshot), 0, "it is missing");
    }
    drop_unbegun_logs();
    std::uint64_t before = 0;
    for (std::size_t index = 0; index < logs.size(); ++index) {
      const std::uint64_t after = index + 1 < logs.size() ? logs[index + 1] : settings_.end_number;
      TRY(read_log(logs[index], before, after));
      before = logs[index];
    }
    return {};
  }

  /// `before` is the number of the log that it continues, `after` that of the log which continues
  /// it; 0: there is none.
  Result<void, std::string> read_log(std::uint64_t number, std::uint64_t before,
                                     std::uint64_t after) {
    const std::filesystem::path path = folder_.log(number);
    const std::optional<HeaderRecord> next = TRY(header_of(after));
    const bool is_continued = next && next->previous_number == number;
    const std::uint64_t counted = is_continued ? next->previous_bytes : FileReader::kEverything;
    const Reading reading = TRY(read(path, FileKind::Log, counted));
    result_.publication_count += reading.publication_count;
    if (reading.header && !is_continuation(number, *reading.header, before)) {
      note_loss(path, 0, "the file that it continues is missing");
    }
    if (reading.is_broken) note_loss(path, reading.end.offset, "publications are missing in it");
    if (is_continued) {
      check_inner_end(path, reading, counted);
    } else if (after == 0) {
      check_last_end(path, reading);
    } else {
      note_loss(folder_.log(after), 0, "it does not continue the one before it");
    }
    if (reading.header) {
      result_.last_log = number;
      result_.last_log_bytes = reading.end.offset;
    }
    return {};
  }

  /// The first log begins on the snapshot of its number, or was the first of all.
  bool is_continuation(std::uint64_t number, const HeaderRecord& header,
                       std::uint64_t before) const {
    if (before == 0 && result_.snapshot > 0) return number == result_.snapshot;
    return header.previous_number == before;
  }

  void check_inner_end(const std::filesystem::path& path, const Reading& reading,
                       std::uint64_t counted) {
    if (reading.end.kind == FileEndKind::Corrupt) return note_corrupt(path, reading.end);
    if (reading.end.offset == counted) return;
    note_loss(path, reading.end.offset,
              fmt::format("it ends before the {} bytes that it had", counted));
  }

  void check_last_end(const std::filesystem::path& path, const Reading& reading) {
    if (reading.end.kind == FileEndKind::Corrupt) return note_corrupt(path, reading.end);
    if (reading.has_end_record) return;
    if (reading.end.kind == FileEndKind::Torn) {
      result_.findings.push_back({.file = path,
                                  .offset = reading.end.offset,
                                  .what = reading.end.reason,
                                  .is_harmless = true});
    }
    // Whatever was handed to the kernel is there as long as the machine did not stop as well.
    const bool is_on_disk =
        reading.header && (reading.header->sync == SyncPolicy::Always ||
                           (!settings_.boot.empty() && reading.header->boot == settings_.boot));
    if (reading.header && !is_on_disk) {
      note_loss(path, reading.end.offset,
                "the machine stopped while it was written; its last part may not have reached the "
                "disk");
    }
  }

  /// The process ended while it made the last one: nothing was ever kept in it.
  void drop_unbegun_logs() {
    while (!files_.logs.empty()) {
      const std::filesystem::path path = folder_.log(files_.logs.back());
      FileReader file(path);
      if (file.next()) return;
      const FileEnd& end = file.end();
      if (end.kind != FileEndKind::Torn && end.kind != FileEndKind::Whole) return;
      result_.findings.push_back(
          {.file = path, .offset = 0, .what = "it was not begun yet", .is_harmless = true});
      files_.logs.pop_back();
    }
  }

  /// Of a log; number 0: there is none.
  Result<std::optional<HeaderRecord>, std::string> header_of(std::uint64_t number) const {
    if (number == 0) return std::nullopt;
    const std::filesystem::path path = folder_.log(number);
    FileReader file(path);
    std::optional<Record> first = file.next();
    if (!first && file.end().kind == FileEndKind::Unreadable) {
      return std::unexpected(fmt::format("{}: {}", path.string(), file.end().reason));
    }
    auto* const header = first ? std::get_if<HeaderRecord>(&*first) : nullptr;
    return header == nullptr ? std::nullopt : std::optional(std::move(*header));
  }

  void note_loss(const std::filesystem::path& path, std::uint64_t offset, std::string what) {
    lost_ = true;
    result_.findings.push_back({.file = path, .offset = offset, .what = std::move(what)});
  }

  void note_corrupt(const std::filesystem::path& path, const FileEnd& end) {
    note_loss(path, end.offset, end.reason);
    result_.corrupt_files.push_back(path);
  }

  const DataFolder& folder_;
  const RecoverySettings& settings_;
  FileList files_;
  Recovery result_;
  bool lost_ = false;
  bool must_have_log_ = false;
};

}  // namespace

Result<Recovery, std::string> recover(const DataFolder& folder, const RecoverySettings& settings) {
  try {
    return Reader(folder, settings).run();
  } catch (const std::filesystem::filesystem_error& error) {
    return std::unexpected(std::string(error.what()));
  }
}

}  // namespace carillon::cluster::durable
