// Turns old logs into a snapshot, beside the running server and from the files alone: no reactor
// is asked for anything.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "cluster/durable/data_folder.hpp"
#include "cluster/durable/output_file.hpp"
#include "cluster/shared_budget.hpp"
#include "core/result.hpp"
#include "hub/namespace_settings.hpp"

namespace carillon::cluster::durable {

struct CompactorSettings {
  std::shared_ptr<const hub::NamespaceTable> namespaces;  // never null
  BudgetLimits limits;
  FileCalls calls;
};

enum class CompactorState : std::uint8_t { Idle, Running, Succeeded, Failed };

/// Reads the newest snapshot and the logs below a number, and leaves a snapshot of that number and
/// none of the files that it holds. It takes about as much memory as all histories together.
/// Thread: `start`, `take_outcome`, `has_met_damage` and the destructor belong to one; `state` and
/// `use` to any.
class Compactor {
 public:
  /// Lifetime: the folder outlives it.
  Compactor(const DataFolder& folder, CompactorSettings settings);
  Compactor(const Compactor&) = delete;
  Compactor& operator=(const Compactor&) = delete;
  /// Waits for what is under way.
  ~Compactor();

  /// From now on histories are bounded so.
  void use(std::shared_ptr<const hub::NamespaceTable> namespaces);

  /// Only when idle; `on_end` is called on the thread that did it.
  void start(std::uint64_t number, std::function<void()> on_end);
  CompactorState state() const { return state_.load(); }
  /// Whether it went well, once it has ended; then it is idle again.
  /// Errors: in words.
  Result<void, std::string> take_outcome();
  /// Whether the one whose outcome was taken found damage, which does not mend itself.
  bool has_met_damage() const { return has_met_damage_; }

 private:
  Result<void, std::string> try_compact(std::uint64_t number);
  Result<void, std::string> compact(std::uint64_t number);
  void finish(const Result<void, std::string>& outcome);

  const DataFolder& folder_;
  std::mutex mutex_;            // taken once per compaction or reload
  CompactorSettings settings_;  // `namespaces` is guarded by the mutex
  std::atomic<CompactorState> state_{CompactorState::Idle};
  std::string error_;            // written before the state says Failed
  bool has_met_damage_ = false;  // the same
  std::jthread thread_;
};

}  // namespace carillon::cluster::durable
