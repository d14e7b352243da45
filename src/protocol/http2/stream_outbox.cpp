#include "protocol/http2/stream_outbox.hpp"

#include <utility>

#include "protocol/http2/limits.hpp"

namespace carillon::http2 {

void StreamOutbox::append(SharedBytes piece) {
  if (piece.empty()) return;
  seal();
  byte_count_ += piece.size();
  pieces_.push_back(std::move(piece));
}

void StreamOutbox::append(Bytes piece) {
  if (joined_.size() + piece.size() > limits::kJoinedBytes) seal();
  byte_count_ += piece.size();
  joined_ += piece;
}

void StreamOutbox::seal() {
  if (joined_.empty()) return;
  pieces_.emplace_back(joined_);
  joined_ = std::string();  // an idle stream holds no buffer
}

std::size_t StreamOutbox::take(std::span<char> room) {
  seal();
  std::size_t taken = 0;
  while (taken < room.size() && !pieces_.empty()) {
    const Bytes rest = pieces_.front().view().substr(first_offset_);
    const std::size_t count = rest.copy(room.data() + taken, room.size() - taken);
    taken += count;
    first_offset_ += count;
    if (count < rest.size()) break;
    pieces_.pop_front();
    first_offset_ = 0;
  }
  byte_count_ -= taken;
  taken_bytes_ += taken;
  return taken;
}

}  // namespace carillon::http2
