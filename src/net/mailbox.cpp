#include "net/mailbox.hpp"

#include "core/check.hpp"

namespace carillon::net {

Mailbox::Mailbox(Waker& receiver, std::size_t capacity)
    : receiver_(receiver),
      capacity_(capacity),
      slots_(std::make_unique<Slot[]>(capacity)),
      free_(capacity) {
  CARILLON_CHECK(capacity > 0);
}

Mailbox::~Mailbox() {
  drain(capacity_, [](Task&) {});
}

bool Mailbox::take_slot() {
  std::size_t free = free_.load(std::memory_order_relaxed);
  while (free > 0) {
    if (free_.compare_exchange_weak(free, free - 1, std::memory_order_acq_rel,
                                    std::memory_order_relaxed)) {
      return true;
    }
  }
  return false;
}

bool Mailbox::try_send(Task& task) {
  if (!take_slot()) return false;
  push(std::move(task));
  return true;
}

void Mailbox::send_reserved(Task task) {
  push(std::move(task));
}

void Mailbox::push(Task task) {
  const std::size_t tail = tail_.load(std::memory_order_relaxed);
  std::construct_at(&slots_[tail % capacity_].task, std::move(task));
  tail_.store(tail + 1);  // sequentially consistent: see Waker
  receiver_.wake();
}

Task Mailbox::pop() {
  Task& slot = slots_[head_ % capacity_].task;
  Task task = std::move(slot);
  std::destroy_at(&slot);
  ++head_;
  return task;
}

}  // namespace carillon::net
