// All time limits of a reactor: a hierarchical wheel with intrusive nodes. It knows no clock.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "core/time.hpp"

namespace carillon::net {

class TimerWheel;

namespace detail {
/// A link of a circular list; a lone link points at itself.
struct TimerLink {
  TimerLink() = default;
  TimerLink(const TimerLink&) = delete;
  TimerLink& operator=(const TimerLink&) = delete;

  bool alone() const { return next == this; }
  void unlink();
  void insert_before(TimerLink& other);
  /// Takes over everything in the list that `head` leads.
  void splice(TimerLink& head);

  TimerLink* next = this;
  TimerLink* previous = this;
};
}  // namespace detail

/// Something that waits for a moment; derive from it and hand it to a wheel.
/// Lifetime: a node that goes leaves its wheel. It does not move.
class TimerNode : private detail::TimerLink {
 public:
  bool waiting() const { return !alone(); }

 protected:
  TimerNode() = default;
  ~TimerNode() { unlink(); }

 private:
  friend class TimerWheel;
  /// The moment has come. The node waits no more; it may be set again, or destroyed.
  virtual void on_time() = 0;

  std::uint64_t due_tick_ = 0;
};

/// Shape:    set and cancel are O(1) and allocate nothing; a node waits for one moment at a time.
/// Units:    a tick is `limits::kTimerTick`; no node fires early, and at most one tick late
///           (plus the caller's delay).
/// Lifetime: nodes still waiting when the wheel goes just stop waiting.
/// Thread:   one thread. Callbacks may set, cancel and destroy any node.
class TimerWheel {
 public:
  explicit TimerWheel(TimePoint start);
  TimerWheel(const TimerWheel&) = delete;
  TimerWheel& operator=(const TimerWheel&) = delete;
  ~TimerWheel();

  /// Replaces an earlier moment of the same node. A moment in the past fires in the next tick,
  /// never in the `advance` that is running.
  void set(TimerNode& node, TimePoint due);
  void cancel(TimerNode& node) { node.unlink(); }

  /// Fires what is due, in the order of ticks. A jump over years costs no more than a step.
  void advance(TimePoint now);

  /// When `advance` has something to do next (a moment, or an inner turn of the wheel before it);
  /// empty when nothing waits.
  std::optional<TimePoint> next_due();

 private:
  // Level n has 64 slots of 64^n ticks each: a node lies in the level that its distance needs,
  // and moves to a lower one when its slot's turn comes (124 days ahead; further ones move on).
  static constexpr std::size_t kLevels = 5;
  static constexpr unsigned kLevelBits = 6;
  static constexpr std::size_t kSlots = std::size_t{1} << kLevelBits;
  static constexpr std::uint64_t kHorizon = std::uint64_t{1} << (kLevelBits * kLevels);

  struct Level {
    std::array<detail::TimerLink, kSlots> slots;
    std::uint64_t occupied = 0;  // a bit may be stale: cancel does not clear it
  };

  static std::size_t slot_of(std::uint64_t tick, std::size_t level);
  std::uint64_t due_tick(TimePoint due) const;
  void place(TimerNode& node);
  void turn_to(std::uint64_t tick);
  void collect(std::size_t level, detail::TimerLink& due);
  std::optional<std::uint64_t> next_tick();
  std::optional<std::uint64_t> next_tick_of(std::size_t level);

  TimePoint start_;
  std::uint64_t tick_ = 0;      // everything due at or before it has fired
  std::uint64_t earliest_ = 1;  // no node is set to fire before this tick
  std::array<Level, kLevels> levels_;
};

}  // namespace carillon::net
