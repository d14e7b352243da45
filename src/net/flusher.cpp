#include "net/flusher.hpp"

#include <algorithm>
#include <numeric>

#include "net/limits.hpp"
#include "net/reactor.hpp"

namespace carillon::net {

void Flusher::flush_slice() {
  update_interests();
  const std::size_t end = first_ + std::min(dirty_.size() - first_, limits::kSendsPerSlice);
  while (first_ < end) {
    gather(end);
    reactor_.batch().send_many(operations_);
    settle();
  }
  forget_served();
}

void Flusher::update_interests() {
  const std::vector<Handle> changed = std::exchange(changed_, {});
  for (const Handle handle : changed) {
    Stream* stream = reactor_.streams_.find(handle);
    if (stream == nullptr) continue;
    stream->changed_ = false;
    stream->update_interest();
  }
}

void Flusher::gather(std::size_t end) {
  operations_.clear();
  senders_.clear();
  silent_.clear();
  pieces_.resize(limits::kPiecesPerBatch);
  pieces_used_ = 0;
  while (first_ < end && pieces_used_ + limits::kPiecesPerSend <= pieces_.size()) {
    Stream* stream = reactor_.streams_.find(dirty_[first_++]);
    if (stream == nullptr) continue;
    stream->dirty_ = false;
    if (stream->wants_send()) {
      offer(*stream);
    } else {
      silent_.push_back(stream->handle());
    }
  }
}

void Flusher::offer(Stream& stream) {
  const auto room = std::span(pieces_).subspan(pieces_used_, limits::kPiecesPerSend);
  const auto pieces = room.first(stream.gather(room));
  pieces_used_ += pieces.size();
  const auto add = [](std::size_t sum, const iovec& piece) { return sum + piece.iov_len; };
  const auto offered = std::accumulate(pieces.begin(), pieces.end(), std::size_t{0}, add);
  operations_.push_back({.fd = stream.socket_.get(), .pieces = pieces});
  senders_.push_back({.stream = stream.handle(), .offered_bytes = offered});
}

/// Handlers may be called from here on, and may close any stream: each is looked up again.
void Flusher::settle() {
  for (std::size_t index = 0; index < operations_.size(); ++index) {
    const Sender& sender = senders_[index];
    Stream* stream = reactor_.streams_.find(sender.stream);
    if (stream != nullptr) stream->on_send_result(operations_[index].result, sender.offered_bytes);
  }
  for (const Handle handle : silent_) {
    Stream* stream = reactor_.streams_.find(handle);
    if (stream != nullptr) stream->on_nothing_to_send();
  }
}

void Flusher::forget_served() {
  if (first_ == dirty_.size()) {
    dirty_.clear();
    first_ = 0;
  } else if (first_ * 2 > dirty_.size()) {
    dirty_.erase(dirty_.begin(), dirty_.begin() + static_cast<std::ptrdiff_t>(first_));
    first_ = 0;
  }
}

}  // namespace carillon::net
