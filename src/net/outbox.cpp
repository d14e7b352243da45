#include "net/outbox.hpp"

#include <algorithm>

#include "core/check.hpp"
#include "net/limits.hpp"

namespace carillon::net {
namespace {

constexpr std::size_t kOwnSegmentBytes = limits::kJoinedBytes / 4;
constexpr std::size_t kKeptSegments = 1024;  // capacity that an empty outbox keeps

/// The kernel only reads through it; iovec has no const form.
iovec as_piece(Bytes octets) {
  return iovec{.iov_base = const_cast<char*>(octets.data()), .iov_len = octets.size()};
}

}  // namespace

void Outbox::append(SharedBytes segment) {
  if (segment.empty()) return;
  seal();
  byte_count_ += segment.size();
  segments_.push_back(std::move(segment));
}

void Outbox::append(Bytes piece) {
  if (piece.size() > kOwnSegmentBytes) return append(SharedBytes(piece));
  if (joined_.size() + piece.size() > limits::kJoinedBytes) seal();
  joined_.append(piece);
  byte_count_ += piece.size();
}

void Outbox::seal() {
  if (joined_.empty()) return;
  segments_.emplace_back(Bytes(joined_));
  joined_.clear();
}

std::size_t Outbox::gather(std::span<iovec> pieces) const {
  std::size_t count = 0;
  std::size_t room = limits::kBytesPerSend;
  std::size_t offset = first_offset_;
  const auto add = [&](Bytes octets) {
    octets = octets.substr(offset, room);
    offset = 0;
    if (octets.empty()) return;
    room -= octets.size();
    pieces[count++] = as_piece(octets);
  };
  std::size_t index = first_;
  for (; index < segments_.size() && count < pieces.size() && room > 0; ++index) {
    add(segments_[index].view());
  }
  if (index == segments_.size() && count < pieces.size() && room > 0) add(joined_);
  return count;
}

Bytes Outbox::front(std::span<char> room) const {
  std::size_t filled = 0;
  std::size_t offset = first_offset_;
  for (std::size_t index = first_; index <= segments_.size() && filled < room.size(); ++index) {
    const Bytes piece = index < segments_.size() ? segments_[index].view() : Bytes(joined_);
    const Bytes rest = piece.substr(offset, room.size() - filled);
    offset = 0;
    if (filled == 0 && rest.size() == std::min(room.size(), byte_count_)) return rest;
    filled += rest.copy(room.data() + filled, rest.size());
  }
  return {room.data(), filled};
}

void Outbox::consume(std::size_t count) {
  CARILLON_CHECK(count <= byte_count_);
  byte_count_ -= count;
  if (byte_count_ == 0) return clear();
  while (first_ < segments_.size()) {
    const std::size_t left = segments_[first_].size() - first_offset_;
    if (count < left) break;
    count -= left;
    segments_[first_] = SharedBytes();
    ++first_;
    first_offset_ = 0;
  }
  first_offset_ += count;
  if (first_ > limits::kPiecesPerSend && first_ * 2 > segments_.size()) {
    segments_.erase(segments_.begin(), segments_.begin() + static_cast<std::ptrdiff_t>(first_));
    first_ = 0;
  }
}

void Outbox::clear() {
  segments_.clear();
  if (segments_.capacity() > kKeptSegments) segments_.shrink_to_fit();
  joined_.clear();
  first_ = 0;
  first_offset_ = 0;
  byte_count_ = 0;
}

}  // namespace carillon::net
