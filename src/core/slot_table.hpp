// Ids with a generation: everybody but the owner holds one, and it finds nothing once the
// object is gone. This stands where other servers share pointers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <utility>
#include <vector>

namespace carillon {

/// Names one object in one `SlotTable`, for ever: a slot is reused under a new generation.
struct Handle {
  std::uint32_t slot = 0;
  std::uint32_t generation = 0;  // 0 names nothing
  bool operator==(const Handle&) const = default;
  explicit operator bool() const { return generation != 0; }
};

/// A table of values (usually pointers) found by handle.
/// Thread:   one thread.
/// Lifetime: `find` stays valid until the entry is erased; slots do not move.
template <class Value>
class SlotTable {
 public:
  Handle insert(Value value) {
    std::uint32_t slot = 0;
    if (free_.empty()) {
      slot = static_cast<std::uint32_t>(entries_.size());
      entries_.emplace_back();
    } else {
      slot = free_.back();
      free_.pop_back();
    }
    Entry& entry = entries_[slot];
    entry.value = std::move(value);
    entry.used = true;
    ++size_;
    return Handle{slot, entry.generation};
  }

  /// The value, or null for a handle whose object is gone.
  Value* find(Handle handle) {
    if (handle.slot >= entries_.size()) return nullptr;
    Entry& entry = entries_[handle.slot];
    return entry.used && entry.generation == handle.generation ? &entry.value : nullptr;
  }

  /// Quiet when the handle names nothing. The value is destroyed last, when the table is whole
  /// again: its destructor may use the table.
  void erase(Handle handle) {
    if (find(handle) == nullptr) return;
    Entry& entry = entries_[handle.slot];
    [[maybe_unused]] const Value doomed = std::exchange(entry.value, Value{});
    entry.used = false;
    if (++entry.generation == 0) entry.generation = 1;
    free_.push_back(handle.slot);
    --size_;
  }

  std::size_t size() const { return size_; }

  /// Calls `visit(Handle, Value&)` for each entry; entries may be erased meanwhile.
  template <class Visit>
  void for_each(Visit visit) {
    for (std::uint32_t slot = 0; slot < entries_.size(); ++slot) {
      Entry& entry = entries_[slot];
      if (entry.used) visit(Handle{slot, entry.generation}, entry.value);
    }
  }

 private:
  struct Entry {
    Value value{};
    std::uint32_t generation = 1;
    bool used = false;
  };
  std::deque<Entry> entries_;  // a deque: growth moves nothing
  std::vector<std::uint32_t> free_;
  std::size_t size_ = 0;
};

}  // namespace carillon

template <>
struct std::hash<carillon::Handle> {
  std::size_t operator()(const carillon::Handle& handle) const noexcept {
    return std::hash<std::uint64_t>{}(std::uint64_t{handle.slot} << 32 | handle.generation);
  }
};
