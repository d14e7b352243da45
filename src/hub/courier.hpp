// How the hubs of one process reach each other; implemented over the reactors' mailboxes.
#pragma once

#include <cstddef>

#include "hub/types.hpp"

namespace carillon::hub {

/// The outgoing side of one reactor. Posts, requests and answers to one reactor arrive there in
/// the order in which they were sent, whatever their kind: "nothing falls between a snapshot and
/// what follows it" rests on that.
/// Thread: its reactor's. Never called with `to == own()`.
class Courier {
 public:
  virtual std::size_t reactor_count() const = 0;
  virtual ReactorIndex own() const = 0;

  /// False when the mailbox is full; `task` is moved from only when true.
  [[nodiscard]] virtual bool try_post(ReactorIndex to, Task& task) = 0;

  /// As try_post, and keeps a place for exactly one answer from `to` in the mailbox back; false
  /// when either is full. The task must see to it that `to` answers, at once or later.
  [[nodiscard]] virtual bool try_request(ReactorIndex to, Task& task) = 0;

  /// Answers one request that came from `to`, in the place that was kept for it: never refused.
  virtual void answer(ReactorIndex to, Task task) = 0;

 protected:
  ~Courier() = default;
};

}  // namespace carillon::hub
