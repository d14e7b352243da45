#include "net/send_queue.hpp"

#include <algorithm>
#include <array>

#include "net/limits.hpp"
#include "net/stream.hpp"
#include "net/tls_stage.hpp"

namespace carillon::net {

void SendQueue::on_time() {
  stream->on_write_limit();
}

void SendQueue::clear() {
  outbox.clear();
  sealed_.clear();
  if (sealed_.capacity() > limits::kKeptSealedBytes) sealed_.shrink_to_fit();
  sealed_sent_ = 0;
}

bool SendQueue::seal(TlsStage& stage) {
  std::array<char, TlsStage::kRecordBytes> joined;
  while (!outbox.empty() && sealed_bytes() < limits::kSealedBytes) {
    const Bytes record = outbox.front(joined);
    if (!stage.encrypt(record, sealed_)) return false;
    outbox.consume(record.size());
  }
  return true;
}

std::size_t SendQueue::gather_sealed(std::span<iovec> pieces) {
  if (sealed_bytes() == 0) return 0;
  pieces.front() = {.iov_base = sealed_.data() + sealed_sent_, .iov_len = sealed_bytes()};
  return 1;
}

void SendQueue::consume_sealed(std::size_t count) {
  sealed_sent_ += count;
  // A reader that never takes all of it must not make what it has taken pile up.
  if (sealed_bytes() > 0 && sealed_sent_ < limits::kSealedBytes) return;
  sealed_.erase(0, sealed_sent_);
  sealed_sent_ = 0;
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
  queue->clear();
  spare_.push_back(std::move(queue));
}

}  // namespace carillon::net
