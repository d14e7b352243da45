#include "protocol/http2/stream_ids.hpp"

#include <algorithm>

#include "protocol/http2/limits.hpp"

namespace carillon::http2 {

bool StreamIds::may_have_headers(std::uint32_t stream) const {
  if (stream % 2 == 0) return false;
  if (stream > highest_) return true;
  // Of those that are forgotten it can not be told; nghttp2 passes over frames for them.
  if (used_.size() == limits::kEndedStreams && stream < used_.front()) return true;
  return std::binary_search(used_.begin(), used_.end(), stream);
}

void StreamIds::use(std::uint32_t stream) {
  if (stream <= highest_) return;
  highest_ = stream;
  used_.push_back(stream);
  if (used_.size() > limits::kEndedStreams) used_.pop_front();
}

}  // namespace carillon::http2
