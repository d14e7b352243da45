// What the memory brokers of all reactors may hold together.
#pragma once

#include <atomic>
#include <cstddef>

#include "cluster/limits.hpp"

namespace carillon::cluster {

/// How much of something there is in all, and how much there may be.
/// Thread: any; the count is exact, its order with other memory does not matter.
class SharedCount {
 public:
  explicit SharedCount(std::size_t limit) : limit_(limit) {}

  void add(std::size_t amount) { used_.fetch_add(amount, std::memory_order_relaxed); }
  void subtract(std::size_t amount) { used_.fetch_sub(amount, std::memory_order_relaxed); }
  /// Adds one unless the limit is met.
  bool try_add_one() {
    if (used_.fetch_add(1, std::memory_order_relaxed) < limit_) return true;
    subtract(1);
    return false;
  }
  std::size_t used() const { return used_.load(std::memory_order_relaxed); }
  std::size_t limit() const { return limit_; }
  bool is_met() const { return used() >= limit_; }
  bool exceeded() const { return used() > limit_; }

 private:
  alignas(64) std::atomic<std::size_t> used_{0};
  std::size_t limit_;
};

struct BudgetLimits {
  std::size_t history_bytes = limits::kHistoryBytes;
  std::size_t live_channels = limits::kLiveChannels;
  std::size_t remembered_channels = limits::kRememberedChannels;
  std::size_t dedupe_keys = limits::kDedupeKeys;
  std::chrono::hours remembered_time = limits::kRememberedTime;
};

/// One for the process.
struct SharedBudget {
  explicit SharedBudget(BudgetLimits allowed = {})
      : history_bytes(allowed.history_bytes),
        live_channels(allowed.live_channels),
        remembered_channels(allowed.remembered_channels),
        dedupe_keys(allowed.dedupe_keys),
        remembered_time(allowed.remembered_time) {}

  SharedCount history_bytes;
  SharedCount live_channels;
  SharedCount remembered_channels;
  SharedCount dedupe_keys;
  const std::chrono::hours remembered_time;
};

}  // namespace carillon::cluster
