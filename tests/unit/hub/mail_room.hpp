// Couriers over plain queues, emptied by hand: one schedule of many that real mailboxes could have.
#pragma once

#include <algorithm>
#include <deque>
#include <memory>
#include <utility>
#include <vector>

#include "core/check.hpp"
#include "hub/courier.hpp"

namespace carillon::hub {

class MailRoom {
 public:
  MailRoom(std::size_t reactor_count, std::size_t tasks)
      : capacity(tasks), boxes_(reactor_count * reactor_count), count_(reactor_count) {
    for (ReactorIndex own = 0; own < reactor_count; ++own) {
      couriers_.push_back(std::make_unique<Desk>(*this, own));
    }
  }

  Courier& courier(ReactorIndex own) { return *couriers_[own]; }

  /// Runs the oldest task from one reactor to another; false when there is none.
  bool run_one(ReactorIndex from, ReactorIndex to) {
    std::deque<Task>& tasks = box(from, to).tasks;
    if (tasks.empty()) return false;
    Task task = std::move(tasks.front());
    tasks.pop_front();
    task();
    return true;
  }
  bool run_all() {
    bool any = false;
    for (bool more = true; std::exchange(more, false);) {
      for (ReactorIndex from = 0; from < count_; ++from) {
        for (ReactorIndex to = 0; to < count_; ++to) {
          while (run_one(from, to)) more = true;
        }
      }
      any = any || more;
    }
    return any;
  }

  bool is_empty() const {
    return std::ranges::all_of(boxes_, [](const Box& box) { return box.tasks.empty(); });
  }

  std::size_t capacity;  // of each mailbox, in tasks

 private:
  struct Box {
    std::deque<Task> tasks;
    std::size_t reserved = 0;
  };

  class Desk final : public Courier {
   public:
    Desk(MailRoom& room, ReactorIndex own) : room_(room), own_(own) {}

    std::size_t reactor_count() const override { return room_.count_; }
    ReactorIndex own() const override { return own_; }
    bool try_post(ReactorIndex to, Task& task) override {
      CARILLON_CHECK(to != own_);
      Box& box = room_.box(own_, to);
      if (!room_.has_room(box)) return false;
      box.tasks.push_back(std::move(task));
      return true;
    }
    bool try_request(ReactorIndex to, Task& task) override {
      Box& back = room_.box(to, own_);
      if (!room_.has_room(back) || !try_post(to, task)) return false;
      ++back.reserved;
      return true;
    }
    void answer(ReactorIndex to, Task task) override {
      Box& box = room_.box(own_, to);
      CARILLON_CHECK(box.reserved > 0);
      --box.reserved;
      box.tasks.push_back(std::move(task));
    }

   private:
    MailRoom& room_;
    ReactorIndex own_;
  };

  Box& box(ReactorIndex from, ReactorIndex to) { return boxes_[from * count_ + to]; }
  bool has_room(const Box& box) const { return box.tasks.size() + box.reserved < capacity; }

  std::vector<Box> boxes_;
  std::size_t count_;
  std::vector<std::unique_ptr<Desk>> couriers_;
};

}  // namespace carillon::hub
