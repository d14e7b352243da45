#include "net/send_queue.hpp"

#include "net/limits.hpp"
#include "net/stream.hpp"

namespace carillon::net {

void SendQueue::on_time() {
  stream->on_write_limit();
}

std::unique_ptr<SendQueue> SendQueuePool::take(Stream& stream) {
  std::unique_ptr<SendQueue> queue;
  if (spare_.empty()) {
    queue = std::make_unique<SendQueue>();
  } else {
    queue = std::move(spare_.back());
    spare_.pop_back();
  }
  queue->stream = &stream;
  return queue;
}

void SendQueuePool::give_back(std::unique_ptr<SendQueue> queue) {
  if (spare_.size() >= limits::kPooledOutboxes) return;
  queue->outbox.clear();
  spare_.push_back(std::move(queue));
}

}  // namespace carillon::net
