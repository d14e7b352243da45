#include "net/timer_wheel.hpp"

#include <algorithm>
#include <bit>

#include "net/limits.hpp"

namespace carillon::net {

void detail::TimerLink::unlink() {
  next->previous = previous;
  previous->next = next;
  next = this;
  previous = this;
}

void detail::TimerLink::insert_before(TimerLink& other) {
  previous = other.previous;
  next = &other;
  previous->next = this;
  next->previous = this;
}

void detail::TimerLink::splice(TimerLink& head) {
  if (head.alone()) return;
  TimerLink* const front = head.next;
  head.unlink();  // the rest still forms a circle
  TimerLink* const back = front->previous;
  back->next = this;
  front->previous = previous;
  previous->next = front;
  previous = back;
}

TimerWheel::TimerWheel(TimePoint start) : start_(start) {}

TimerWheel::~TimerWheel() {
  for (Level& level : levels_) {
    for (detail::TimerLink& slot : level.slots) {
      while (!slot.alone()) slot.next->unlink();
    }
  }
}

std::size_t TimerWheel::slot_of(std::uint64_t tick, std::size_t level) {
  return (tick >> (kLevelBits * level)) & (kSlots - 1);
}

std::uint64_t TimerWheel::due_tick(TimePoint due) const {
  if (due <= start_) return 0;
  const Duration distance = due - start_;
  const auto whole = static_cast<std::uint64_t>(distance / limits::kTimerTick);
  return whole + (distance % limits::kTimerTick > Duration::zero() ? 1 : 0);
}

void TimerWheel::set(TimerNode& node, TimePoint due) {
  node.unlink();
  node.due_tick_ = std::max(due_tick(due), earliest_);
  place(node);
}

void TimerWheel::place(TimerNode& node) {
  const std::uint64_t distance = std::min(node.due_tick_ - tick_, kHorizon - 1);
  const auto bits = static_cast<unsigned>(std::bit_width(distance));
  const std::size_t level = (bits - 1) / kLevelBits;
  const std::size_t slot = slot_of(tick_ + distance, level);
  node.insert_before(levels_[level].slots[slot]);
  levels_[level].occupied |= std::uint64_t{1} << slot;
}

void TimerWheel::advance(TimePoint now) {
  if (now < start_) return;
  const auto target = static_cast<std::uint64_t>((now - start_) / limits::kTimerTick);
  if (target <= tick_) return;
  earliest_ = target + 1;
  for (auto next = next_tick(); next && *next <= target; next = next_tick()) turn_to(*next);
  tick_ = target;
}

void TimerWheel::turn_to(std::uint64_t tick) {
  tick_ = tick;
  detail::TimerLink due;
  for (std::size_t level = kLevels; level-- > 0;) {
    const std::uint64_t slot_ticks = std::uint64_t{1} << (kLevelBits * level);
    if (tick % slot_ticks == 0) collect(level, due);
  }
  while (!due.alone()) {
    auto& node = static_cast<TimerNode&>(*due.next);
    node.unlink();
    node.on_time();
  }
}

void TimerWheel::collect(std::size_t level, detail::TimerLink& due) {
  const std::size_t slot = slot_of(tick_, level);
  detail::TimerLink taken;
  taken.splice(levels_[level].slots[slot]);
  levels_[level].occupied &= ~(std::uint64_t{1} << slot);
  while (!taken.alone()) {
    auto& node = static_cast<TimerNode&>(*taken.next);
    node.unlink();
    if (node.due_tick_ <= tick_) {
      node.insert_before(due);
    } else {
      place(node);
    }
  }
}

std::optional<TimePoint> TimerWheel::next_due() {
  const auto tick = next_tick();
  if (!tick) return std::nullopt;
  return start_ + limits::kTimerTick * static_cast<std::int64_t>(*tick);
}

std::optional<std::uint64_t> TimerWheel::next_tick() {
  std::optional<std::uint64_t> earliest;
  for (std::size_t level = 0; level < kLevels; ++level) {
    const auto tick = next_tick_of(level);
    if (tick && (!earliest || *tick < *earliest)) earliest = tick;
  }
  return earliest;
}

std::optional<std::uint64_t> TimerWheel::next_tick_of(std::size_t level) {
  Level& wheel = levels_[level];
  const std::uint64_t turn = tick_ >> (kLevelBits * level);
  const auto first = static_cast<int>((turn + 1) & (kSlots - 1));
  while (wheel.occupied != 0) {
    // The slot of the present turn comes last: what lies there waits for the next round.
    const auto ahead = static_cast<unsigned>(std::countr_zero(std::rotr(wheel.occupied, first)));
    const std::size_t slot = (turn + 1 + ahead) & (kSlots - 1);
    if (!wheel.slots[slot].alone()) return (turn + 1 + ahead) << (kLevelBits * level);
    wheel.occupied &= ~(std::uint64_t{1} << slot);
  }
  return std::nullopt;
}

}  // namespace carillon::net
