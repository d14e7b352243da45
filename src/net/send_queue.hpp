// An outbox in use: it belongs to a stream that has something to send, and carries that stream's
// write time limit.
#pragma once

#include <memory>
#include <vector>

#include "net/outbox.hpp"
#include "net/timer_wheel.hpp"

namespace carillon::net {

class Stream;

struct SendQueue final : TimerNode {
  Outbox outbox;
  Stream* stream = nullptr;

 private:
  void on_time() override;  // the stream's write time limit
};

/// Empty queues for reuse, so that a busy stream does not allocate at each turn.
/// Thread: one thread.
class SendQueuePool {
 public:
  std::unique_ptr<SendQueue> take(Stream& stream);
  /// What it holds is dropped, its timer stops.
  void give_back(std::unique_ptr<SendQueue> queue);

 private:
  std::vector<std::unique_ptr<SendQueue>> spare_;
};

}  // namespace carillon::net
