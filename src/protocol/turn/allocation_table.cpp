#include "protocol/turn/allocation_table.hpp"

#include <utility>

namespace carillon::turn {

Allocation& AllocationTable::add(const Path& path, std::string username) {
  auto made = std::make_unique<Allocation>(path, std::move(username));
  Allocation& allocation = *made;
  allocation.handle = allocations_.insert(std::move(made));
  by_path_.emplace(path, &allocation);
  return allocation;
}

void AllocationTable::remove(const Allocation& allocation) {
  by_path_.erase(allocation.path);
  allocations_.erase(allocation.handle);
}

Allocation* AllocationTable::find(const Path& path) {
  const auto found = by_path_.find(path);
  return found == by_path_.end() ? nullptr : found->second;
}

Allocation* AllocationTable::find(Handle handle) {
  auto* found = allocations_.find(handle);
  return found == nullptr ? nullptr : found->get();
}

void AllocationTable::set_expiry(Allocation& allocation, TimePoint expiry) {
  const bool is_looked_at_before = allocation.due != TimePoint() && allocation.due <= expiry;
  allocation.expiry = expiry;
  if (is_looked_at_before) return;
  allocation.due = expiry;
  due_.push({.when = expiry, .handle = allocation.handle});
}

Allocation* AllocationTable::next_expired(TimePoint now) {
  while (!due_.empty() && due_.top().when <= now) {
    const Due due = due_.top();
    due_.pop();
    Allocation* allocation = find(due.handle);
    if (allocation == nullptr || due.when != allocation->due) continue;  // another look is due
    if (allocation->expiry <= now) return allocation;
    allocation->due = allocation->expiry;
    due_.push({.when = allocation->due, .handle = due.handle});
  }
  return nullptr;
}

std::optional<TimePoint> AllocationTable::next_due() const {
  return due_.empty() ? std::nullopt : std::optional(due_.top().when);
}

}  // namespace carillon::turn
