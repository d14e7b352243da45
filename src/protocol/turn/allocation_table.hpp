// The allocations of one server: found by path and by handle, and ended in time.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <queue>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/slot_table.hpp"
#include "core/time.hpp"
#include "protocol/turn/allocation.hpp"
#include "protocol/turn/path.hpp"

namespace carillon::turn {

/// Thread: one thread.
class AllocationTable {
 public:
  /// Without an expiry: see set_expiry. The path has none yet.
  Allocation& add(const Path& path, std::string username);
  void remove(const Allocation& allocation);

  Allocation* find(const Path& path);
  Allocation* find(Handle handle);
  std::size_t size() const { return by_path_.size(); }

  void set_expiry(Allocation& allocation, TimePoint expiry);
  /// One whose time is over; null when there is none left.
  Allocation* next_expired(TimePoint now);
  /// Not later than when the next one's time is over.
  std::optional<TimePoint> next_due() const;

 private:
  struct Due {
    TimePoint when;
    Handle handle;
    bool operator>(const Due& other) const { return when > other.when; }
  };

  SlotTable<std::unique_ptr<Allocation>> allocations_;
  std::unordered_map<Path, Allocation*, PathHash> by_path_;
  // One entry for each, which may be too early: it is put right when its turn comes.
  std::priority_queue<Due, std::vector<Due>, std::greater<>> due_;
};

}  // namespace carillon::turn
