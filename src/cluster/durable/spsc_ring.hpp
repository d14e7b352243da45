// A bounded queue from one thread to one other, without a lock.
#pragma once

#include <atomic>
#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

namespace carillon::cluster::durable {

/// Thread: `try_push` belongs to one, `pop` to one, `is_empty` to the latter.
template <class Value>
class SpscRing {
 public:
  explicit SpscRing(std::size_t capacity) : slots_(capacity) {}
  SpscRing(const SpscRing&) = delete;
  SpscRing& operator=(const SpscRing&) = delete;

  /// False when full; `value` is moved from only when true.
  [[nodiscard]] bool try_push(Value& value) {
    const std::size_t tail = tail_.load(std::memory_order_relaxed);
    if (tail - head_.load(std::memory_order_acquire) == slots_.size()) return false;
    slots_[tail % slots_.size()] = std::move(value);
    tail_.store(tail + 1);  // sequentially consistent: see net::Waker
    return true;
  }

  std::optional<Value> pop() {
    const std::size_t head = head_.load(std::memory_order_relaxed);
    if (head == tail_.load()) return std::nullopt;
    std::optional<Value> value(std::exchange(slots_[head % slots_.size()], Value()));
    head_.store(head + 1, std::memory_order_release);
    return value;
  }

  bool is_empty() const { return head_.load(std::memory_order_relaxed) == tail_.load(); }

 private:
  static constexpr std::size_t kLine = 64;  // octets of a cache line: one per side

  std::vector<Value> slots_;
  alignas(kLine) std::atomic<std::size_t> tail_{0};
  alignas(kLine) std::atomic<std::size_t> head_{0};
};

}  // namespace carillon::cluster::durable
