#include "protocol/websocket/deflate_pool.hpp"

namespace carillon::websocket {

Deflater& DeflatePool::fresh_deflater(std::uint8_t window_bits) {
  std::unique_ptr<Deflater>& deflater = deflaters_[window_bits - kLeastWindowBits];
  if (deflater) {
    deflater->reset();
  } else {
    deflater = std::make_unique<Deflater>(window_bits, level_);
  }
  return *deflater;
}

Inflater& DeflatePool::fresh_inflater() {
  if (inflater_) {
    inflater_->reset();
  } else {
    inflater_ = std::make_unique<Inflater>(kMostWindowBits);
  }
  return *inflater_;
}

}  // namespace carillon::websocket
