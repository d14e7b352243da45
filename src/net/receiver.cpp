#include "net/receiver.hpp"

#include <algorithm>

#include "net/limits.hpp"
#include "net/reactor.hpp"
#include "net/tls_stage.hpp"

namespace carillon::net {

void Receiver::receive_all() {
  if (ready_.empty()) return;
  if (!arena_) arena_ = std::make_unique_for_overwrite<char[]>(limits::kReceiveArenaBytes);
  const std::span<const Handle> streams(ready_);
  for (std::size_t first = 0; first < streams.size(); first += limits::kReceivesPerBatch) {
    const std::size_t count = std::min(streams.size() - first, limits::kReceivesPerBatch);
    receive_batch(streams.subspan(first, count));
  }
  ready_.clear();
}

TlsScratch& Receiver::tls_scratch() {
  if (!tls_scratch_.plain) {
    tls_scratch_.plain_bytes = TlsStage::plain_room(limits::kReceiveSliceBytes);
    tls_scratch_.plain = std::make_unique_for_overwrite<char[]>(tls_scratch_.plain_bytes);
  }
  tls_scratch_.answer.clear();
  return tls_scratch_;
}

void Receiver::receive_batch(std::span<const Handle> streams) {
  operations_.clear();
  receivers_.clear();
  const std::size_t slice =
      std::min(limits::kReceiveArenaBytes / streams.size(), limits::kReceiveSliceBytes);
  for (const Handle handle : streams) {
    // A handler of an earlier batch may have closed or paused it.
    Stream* stream = reactor_.streams_.find(handle);
    if (stream == nullptr || !stream->wants_input()) continue;
    const std::span<char> buffer(arena_.get() + operations_.size() * slice, slice);
    operations_.push_back({.fd = stream->socket_.get(), .buffer = buffer});
    receivers_.push_back(handle);
  }
  reactor_.batch().recv_many(operations_);
  for (std::size_t index = 0; index < operations_.size(); ++index) {
    Stream* stream = reactor_.streams_.find(receivers_[index]);
    const RecvOp& operation = operations_[index];
    if (stream != nullptr) stream->on_receive_result(operation.buffer, operation.result);
  }
}

}  // namespace carillon::net
