#include "protocol/http2/stream_ids.hpp"

#include <algorithm>

#include "protocol/http2/limits.hpp"

namespace carillon::http2 {

bool StreamIds::may_have_headers(std::uint32_t stream) const {
  if (stream % 2 == 0) return false;
  if (stream > highest_) return true;
  // Of those that are forgotten it can not be told; nghttp2 passes over frames for them.
  if (used_.size() == limits::kEndedStreams && stream < used_.front().stream) return true;
  return find(stream) != nullptr;
}

void StreamIds::use(std::uint32_t stream) {
  if (stream <= highest_) return;
  highest_ = stream;
  used_.push_back({.stream = stream});
  if (used_.size() > limits::kEndedStreams) used_.pop_front();
}

void StreamIds::end_by_peer(std::uint32_t stream) {
  const auto found = std::ranges::lower_bound(used_, stream, {}, &Used::stream);
  if (found != used_.end() && found->stream == stream) found->ended_by_peer = true;
}

bool StreamIds::ended_by_peer(std::uint32_t stream) const {
  const Used* found = find(stream);
  return found != nullptr && found->ended_by_peer;
}

const StreamIds::Used* StreamIds::find(std::uint32_t stream) const {
  const auto found = std::ranges::lower_bound(used_, stream, {}, &Used::stream);
  return found != used_.end() && found->stream == stream ? &*found : nullptr;
}

}  // namespace carillon::http2
