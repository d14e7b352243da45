#include "cluster/durable/journal.hpp"

#include <fmt/format.h>
#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <utility>

#include "cluster/durable/limits.hpp"
#include "core/log.hpp"

namespace carillon::cluster::durable {
namespace {

/// Not an errno: the log files have as many bytes as they may.
constexpr int kLogIsFull = -1;

/// Closed files that are worth a compaction however small they are: each restart leaves one.
constexpr std::size_t kClosedFiles = 16;

bool is_full_disk(int error) {
  return error == ENOSPC || error == EDQUOT || error == EFBIG;
}

std::string describe_trouble(int error) {
  if (error == kLogIsFull) return "the log is full, and compacting it fails or cannot keep up";
  return std::strerror(error);
}

}  // namespace

/// Written by the journal's thread, read by any.
struct Journal::Counters {
  using Count = std::atomic<std::uint64_t>;
  Count publications{0}, bytes{0}, commits{0}, failed_commits{0}, syncs{0}, compactions{0},
      failed_compactions{0}, log_bytes{0}, commit_microseconds{0};

  static void add(Count& count, std::uint64_t amount) {
    count.fetch_add(amount, std::memory_order_relaxed);
  }
};

Journal::Journal(const DataFolder& folder, JournalSettings settings, LogStart start,
                 std::size_t lane_count)
    : settings_(std::move(settings)),
      log_(folder, settings_.log, std::move(start)),
      compactor_(folder, settings_.compaction),
      compaction_retry_(settings_.compaction_retry),
      counters_(std::make_unique<Counters>()) {
  for (std::size_t index = 0; index < lane_count; ++index) {
    lanes_.push_back(std::make_unique<Lane>(waker_));
  }
  if (const FileResult begun = log_.begin_file(); !begun) {
    if (!is_full_disk(begun.error())) {
      throw std::runtime_error(fmt::format("the log in {} cannot be written: {}",
                                           folder.path().string(), std::strerror(begun.error())));
    }
    on_failure(begun.error());
  }
  next_sync_ = Clock::now() + settings_.sync_interval;
}

Journal::~Journal() {
  stop();
}

void Journal::start() {
  thread_ = std::jthread([this] { run(); });
}

void Journal::stop() {
  if (!thread_.joinable()) return;
  stop_ = true;
  waker_.wake();
  thread_.join();
}

JournalCounts Journal::counts() const {
  const auto read = [](const Counters::Count& count) {
    return count.load(std::memory_order_relaxed);
  };
  const Counters& c = *counters_;
  return {.publications = read(c.publications),
          .bytes = read(c.bytes),
          .commits = read(c.commits),
          .failed_commits = read(c.failed_commits),
          .syncs = read(c.syncs),
          .compactions = read(c.compactions),
          .failed_compactions = read(c.failed_compactions),
          .log_bytes = read(c.log_bytes),
          .commit_microseconds = read(c.commit_microseconds)};
}

std::string Journal::trouble() const {
  const int error = trouble_.load();
  return error == 0 ? std::string() : describe_trouble(error);
}

void Journal::use(std::shared_ptr<const hub::NamespaceTable> namespaces) {
  compactor_.use(std::move(namespaces));
}

// --- The thread -------------------------------------------------------------------------------

void Journal::run() {
  for (;;) {
    const bool is_last_round = stop_.load();
    if (gather()) {
      commit();
    } else if (is_last_round) {
      break;
    } else {
      wait();
    }
    tend();
  }
  if (const FileResult finished = log_.finish(); !finished) {
    log::error("the log could not be ended: {}; the next start may have to tell readers of a gap",
               std::strerror(finished.error()));
  }
}

bool Journal::gather() {
  batch_.clear();
  batch_count_ = 0;
  shares_.clear();
  const std::uint64_t most = std::min<std::uint64_t>(limits::kBatchBytes, settings_.log_bytes);
  for (std::size_t index = 0; index < lanes_.size(); ++index) {
    Lane& lane = *lanes_[(first_lane_ + index) % lanes_.size()];
    Share share{.lane = &lane, .verdict = {}};
    while (batch_.size() < most) {
      const std::optional<Submission> next = lane.take();
      if (!next) break;
      if (next->deletion) {
        append_record(batch_, *next->deletion);
      } else {
        append_record(batch_, *next->publication, next->ticket);
      }
      share.verdict.attempt = next->attempt;
      ++share.verdict.count;
    }
    if (share.verdict.count > 0) shares_.push_back(share);
    batch_count_ += share.verdict.count;
  }
  first_lane_ = (first_lane_ + 1) % lanes_.size();
  return batch_count_ > 0;
}

void Journal::commit() {
  const Clock::time_point begun = Clock::now();
  const FileResult written = write_batch();
  Counters& counters = *counters_;
  if (written) {
    on_success();
    Counters::add(counters.publications, batch_count_);
    Counters::add(counters.bytes, batch_.size());
    Counters::add(counters.commits, 1);
    if (settings_.log.sync == SyncPolicy::Always) Counters::add(counters.syncs, 1);
    const auto time = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - begun);
    Counters::add(counters.commit_microseconds, static_cast<std::uint64_t>(time.count()));
  } else {
    Counters::add(counters.failed_commits, 1);
    on_failure(written.error());
  }
  for (Share& share : shares_) {
    share.verdict.is_kept = written.has_value();
    share.lane->report(share.verdict);
  }
  if (batch_.capacity() > 2 * limits::kBatchBytes) batch_ = std::string();
}

FileResult Journal::write_batch() {
  const std::uint64_t most = limits::kLogFilesFactor * settings_.log_bytes;
  // Without this batch: one that is larger than all files may be would never be taken.
  if (log_.total_bytes() > most) return std::unexpected(kLogIsFull);
  return log_.commit(batch_, batch_count_);
}

void Journal::tend() {
  const Clock::time_point now = Clock::now();
  if (settings_.log.sync == SyncPolicy::Interval && log_.has_unsynced() && now >= next_sync_) {
    next_sync_ = now + settings_.sync_interval;
    Counters::add(counters_->syncs, 1);
    if (const FileResult synced = log_.sync(); !synced) on_failure(synced.error());
  }
  tend_compaction(now);
  counters_->log_bytes.store(log_.total_bytes(), std::memory_order_relaxed);
}

void Journal::tend_compaction(Clock::time_point now) {
  const CompactorState state = compactor_.state();
  if (state == CompactorState::Running) return;
  if (state != CompactorState::Idle) take_compaction(now);
  if (stop_.load() || now < next_compaction_) return;
  const std::uint64_t closed_bytes = log_.total_bytes() - log_.file_bytes();
  const bool is_file_full = log_.file_bytes() >= settings_.log_bytes;
  const bool is_due =
      is_file_full || closed_bytes >= settings_.log_bytes || log_.closed().size() >= kClosedFiles;
  if (!is_due) return;
  if (is_file_full || log_.closed().empty()) {
    if (const FileResult begun = log_.begin_file(); !begun) {
      next_compaction_ = now + settings_.compaction_retry;
      return on_failure(begun.error());
    }
  }
  compacting_number_ = log_.number();
  compactor_.start(compacting_number_, [this] { waker_.wake(); });
}

void Journal::take_compaction(Clock::time_point now) {
  const auto outcome = compactor_.take_outcome();
  Counters::add(outcome ? counters_->compactions : counters_->failed_compactions, 1);
  if (outcome) {
    compaction_retry_ = settings_.compaction_retry;
    log_.forget_before(compacting_number_);
    return;
  }
  next_compaction_ = now + compaction_retry_;
  log::error("the log could not be compacted: {}; trying again in {} s", outcome.error(),
             std::chrono::duration_cast<std::chrono::seconds>(compaction_retry_).count());
  if (compactor_.has_met_damage()) {
    compaction_retry_ =
        std::min<std::chrono::milliseconds>(2 * compaction_retry_, limits::kLongestCompactionRetry);
  }
}

void Journal::wait() {
  waker_.announce_sleep();
  if (!has_work()) {
    pollfd wake{.fd = waker_.fd(), .events = POLLIN, .revents = 0};
    ::poll(&wake, 1, wait_milliseconds());
  }
  waker_.announce_awake();
  waker_.drain();
}

bool Journal::has_work() const {
  const CompactorState state = compactor_.state();
  return stop_.load() || (state != CompactorState::Idle && state != CompactorState::Running) ||
         std::ranges::any_of(lanes_, [](const auto& lane) { return !lane->is_empty(); });
}

int Journal::wait_milliseconds() const {
  constexpr int kLongestWait = 1'000;  // what is tried again from time to time needs no more
  if (settings_.log.sync != SyncPolicy::Interval || !log_.has_unsynced()) return kLongestWait;
  const auto left =
      std::chrono::duration_cast<std::chrono::milliseconds>(next_sync_ - Clock::now());
  return static_cast<int>(std::clamp<std::int64_t>(left.count() + 1, 0, kLongestWait));
}

void Journal::on_failure(int error) {
  const Clock::time_point now = Clock::now();
  const bool is_news = trouble_.exchange(error) != error;
  if (!is_news && now < next_trouble_log_) return;
  next_trouble_log_ = now + limits::kTroubleLogInterval;
  log::error("the log cannot be written: {}; publications are refused until it can",
             describe_trouble(error));
}

void Journal::on_success() {
  if (trouble_.exchange(0) != 0) log::info("the log can be written again");
}

}  // namespace carillon::cluster::durable
