// The only way from one reactor to another: a bounded queue per ordered pair, with slots that can
// be reserved for answers.
#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <utility>

#include "net/limits.hpp"
#include "net/task.hpp"
#include "net/waker.hpp"

namespace carillon::net {

/// A ring of tasks from one sending to one receiving thread, in order.
///
/// **Full.** `free_` counts the slots that are neither filled nor reserved. Whoever wants a slot
/// takes it there first: the sender for a plain task, the receiver for an answer it will await.
/// So filled + reserved never exceeds the capacity, and `send_reserved` cannot find the ring full.
///
/// **A request and its answer.** A asks B: A reserves in the mailbox B→A (where A receives), sends
/// the request through A→B, and B answers by `send_reserved` in B→A. If the request is refused, A
/// releases; if there is nothing to answer, B does. A task that dies unrun (at shutdown) releases
/// nothing: its mailboxes die with it.
///
/// **Why that is free of races.** Only the sender moves `tail_`, only the receiver moves `head_`,
/// and slots are taken by read-modify-writes of one atomic. The sender writes slot `t mod capacity`
/// only after t+1 slots had been taken in all; before the receiver gave back the (t−capacity+1)th
/// there were only t to take, so one of these takings came after that giving-back in the order of
/// `free_`. If the sender took it, acquire and release order the two. If the receiver took it (a
/// reservation), they are in its program order, and the request that followed carried that to the
/// sender through the other mailbox. Hence the rule: `send_reserved` is for the thread that has
/// received the request for which that slot was reserved.
class Mailbox {
 public:
  /// Lifetime: `receiver` outlives the mailbox.
  explicit Mailbox(Waker& receiver, std::size_t capacity = limits::kMailboxTasks);
  Mailbox(const Mailbox&) = delete;
  Mailbox& operator=(const Mailbox&) = delete;
  ~Mailbox();

  // The sending thread.

  /// False when full (reserved slots count as filled); `task` is moved from only when true.
  [[nodiscard]] bool try_send(Task& task);
  /// Uses up one reservation; always succeeds.
  void send_reserved(Task task);

  // The receiving thread.

  /// Keeps one slot for an answer; false when full.
  [[nodiscard]] bool try_reserve() { return take_slot(); }

  /// Takes out at most `limit` tasks and calls `run(Task&)` for each; returns how many.
  template <class Run>
  std::size_t drain(std::size_t limit, Run run);
  bool empty() const { return head_ == tail_.load(); }

  // Either of the two threads.

  /// Gives a reservation back unused.
  void release_reservation() { free_.fetch_add(1, std::memory_order_acq_rel); }

 private:
  static constexpr std::size_t kLine = 64;              // octets of a cache line: one per side
  static constexpr std::size_t kReturnedTogether = 32;  // slots given back at a time
  union Slot {
    Slot() {}
    ~Slot() {}
    Task task;
  };

  bool take_slot();
  void push(Task task);
  Task pop();

  Waker& receiver_;
  const std::size_t capacity_;
  const std::unique_ptr<Slot[]> slots_;
  alignas(kLine) std::atomic<std::size_t> tail_{0};  // written by the sender
  alignas(kLine) std::atomic<std::size_t> free_;     // taken by both, given back by the receiver
  alignas(kLine) std::size_t head_ = 0;              // the receiver's
};

template <class Run>
std::size_t Mailbox::drain(std::size_t limit, Run run) {
  const std::size_t end = tail_.load();
  std::size_t count = 0;
  for (std::size_t unreturned = 0; count < limit && head_ != end; ++count) {
    Task task = pop();
    // In lots, so that the sender's cache line is not torn away for each task.
    if (++unreturned == kReturnedTogether || head_ == end || count + 1 == limit) {
      free_.fetch_add(std::exchange(unreturned, 0), std::memory_order_acq_rel);
    }
    run(task);
  }
  return count;
}

}  // namespace carillon::net
