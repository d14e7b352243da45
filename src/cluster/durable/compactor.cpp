#include "cluster/durable/compactor.hpp"

#include <chrono>
#include <exception>
#include <system_error>
#include <utility>

#include "cluster/durable/recovery.hpp"
#include "cluster/durable/snapshot.hpp"
#include "core/log.hpp"

namespace carillon::cluster::durable {
namespace {

Timestamp wall_clock() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return {std::chrono::duration_cast<std::chrono::microseconds>(now).count()};
}

}  // namespace

Compactor::Compactor(const DataFolder& folder, CompactorSettings settings)
    : folder_(folder), settings_(std::move(settings)) {}

Compactor::~Compactor() {
  if (thread_.joinable()) thread_.join();
}

void Compactor::use(std::shared_ptr<const hub::NamespaceTable> namespaces) {
  const std::scoped_lock lock(mutex_);
  settings_.namespaces = std::move(namespaces);
}

void Compactor::start(std::uint64_t number, std::function<void()> on_end) {
  state_ = CompactorState::Running;
  try {
    thread_ = std::jthread([this, number, on_end = std::move(on_end)] {
      finish(try_compact(number));
      on_end();
    });
  } catch (const std::system_error& error) {
    finish(std::unexpected(std::string(error.what())));
  }
}

Result<void, std::string> Compactor::try_compact(std::uint64_t number) {
  try {
    return compact(number);
  } catch (const std::exception& error) {
    return std::unexpected(std::string(error.what()));
  }
}

void Compactor::finish(const Result<void, std::string>& outcome) {
  if (!outcome) error_ = outcome.error();
  state_ = outcome ? CompactorState::Succeeded : CompactorState::Failed;
}

Result<void, std::string> Compactor::take_outcome() {
  if (thread_.joinable()) thread_.join();
  const CompactorState ended = state_.exchange(CompactorState::Idle);
  if (ended == CompactorState::Succeeded) return {};
  return std::unexpected(std::exchange(error_, {}));
}

Result<void, std::string> Compactor::compact(std::uint64_t number) {
  has_met_damage_ = false;
  std::shared_ptr<const hub::NamespaceTable> namespaces;
  {
    const std::scoped_lock lock(mutex_);
    namespaces = settings_.namespaces;
  }
  const Recovery recovery = TRY(recover(folder_, {.namespaces = *namespaces,
                                                  .limits = settings_.limits,
                                                  .now = wall_clock(),
                                                  .boot = boot_id(),
                                                  .end_number = number}));
  has_met_damage_ = recovery.is_renewed;
  if (recovery.is_renewed) {
    // The server goes on with what it has in memory; the files are for the next start to judge.
    const Finding& first = recovery.findings.front();
    return std::unexpected(first.file.string() + ": " + first.what);
  }
  const SnapshotSource source{recovery.state->channels(), recovery.state->dedupe()};
  const HeaderRecord header{.kind = FileKind::Snapshot,
                            .is_followed = true,
                            .number = number,
                            .boot = {},
                            .origin = common_origin({&source, 1})};
  TRY(write_snapshot(folder_, header, {&source, 1}, settings_.calls));
  for (const std::filesystem::path& corrupt : recovery.corrupt_files) {
    log::warn("history: the damaged file is kept as {}", folder_.set_aside(corrupt).string());
  }
  const FileList files = folder_.list();
  for (const std::uint64_t old : files.snapshots) {
    if (old < number) folder_.remove(folder_.snapshot(old));
  }
  for (const std::uint64_t old : files.logs) {
    if (old < number) folder_.remove(folder_.log(old));
  }
  folder_.sync();
  return {};
}

}  // namespace carillon::cluster::durable
