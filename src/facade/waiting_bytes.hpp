// What the program's other threads have sent to one reactor, and it has not taken up yet: bounded
// by octets, as the number of tasks alone would let a fast thread fill the memory.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>

namespace carillon::facade {

/// Octets of messages and publications that may wait for one reactor; the next is refused. One of
/// any size is taken while fewer wait. As many as 64 clients' outboxes hold.
inline constexpr std::size_t kWaitingBytes = 64 * 1024 * 1024;

/// Thread: any.
class WaitingBytes {
 public:
  /// The octets of one message, until it is destroyed.
  /// Lifetime: what it was taken from outlives it.
  class Place {
   public:
    Place() = default;
    Place(Place&& other) noexcept
        : owner_(std::exchange(other.owner_, nullptr)), bytes_(other.bytes_) {}
    Place& operator=(Place&&) = delete;
    ~Place() {
      if (owner_ != nullptr) owner_->bytes_.fetch_sub(bytes_, std::memory_order_relaxed);
    }

   private:
    friend class WaitingBytes;
    Place(WaitingBytes& owner, std::size_t bytes) : owner_(&owner), bytes_(bytes) {}

    WaitingBytes* owner_ = nullptr;
    std::size_t bytes_ = 0;
  };

  /// Empty, and counted: too many wait.
  std::optional<Place> take(std::size_t bytes) {
    if (bytes == 0) return Place();
    Place place(*this, bytes);
    const std::size_t before = bytes_.fetch_add(bytes, std::memory_order_relaxed);
    if (before < kWaitingBytes) return place;
    refusals_.fetch_add(1, std::memory_order_relaxed);
    return std::nullopt;
  }

  std::size_t bytes() const { return bytes_.load(std::memory_order_relaxed); }
  /// Refused since it was last asked.
  std::uint64_t take_refusals() {
    const bool any = refusals_.load(std::memory_order_relaxed) != 0;
    return any ? refusals_.exchange(0, std::memory_order_relaxed) : 0;
  }

 private:
  std::atomic<std::size_t> bytes_{0};
  std::atomic<std::uint64_t> refusals_{0};
};

}  // namespace carillon::facade
