#include "protocol/http2/stream_outbox.hpp"

#include <utility>

namespace carillon::http2 {

void StreamOutbox::append(SharedBytes piece) {
  if (piece.empty()) return;
  byte_count_ += piece.size();
  pieces_.push_back(std::move(piece));
}

std::size_t StreamOutbox::take(std::span<char> room) {
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
