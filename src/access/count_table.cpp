#include "access/count_table.hpp"

#include <algorithm>
#include <atomic>
#include <limits>

namespace carillon::access {

bool CountTable::try_add(LimitKey key, std::size_t limit) {
  // First there, then judged: of two that come at once at most one too many is refused.
  for (std::uint32_t* cell : counts_.cells_of(key)) {
    std::atomic_ref(*cell).fetch_add(1, std::memory_order_relaxed);
  }
  if (limit == 0 || count(key) <= limit) return true;
  remove(key);
  return false;
}

void CountTable::remove(LimitKey key) {
  for (std::uint32_t* cell : counts_.cells_of(key)) {
    std::atomic_ref(*cell).fetch_sub(1, std::memory_order_relaxed);
  }
}

std::size_t CountTable::count(LimitKey key) const {
  std::uint32_t least = std::numeric_limits<std::uint32_t>::max();
  for (std::uint32_t* cell : counts_.cells_of(key)) {
    least = std::min(least, std::atomic_ref(*cell).load(std::memory_order_relaxed));
  }
  return least;
}

}  // namespace carillon::access
