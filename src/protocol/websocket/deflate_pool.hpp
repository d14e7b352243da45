// The compressors and the decompressor that all connections of one reactor share: whoever keeps
// no context between messages needs one only for the time of a call.
#pragma once

#include <array>
#include <cstdint>
#include <memory>

#include "protocol/websocket/deflate_offer.hpp"
#include "protocol/websocket/deflater.hpp"
#include "protocol/websocket/inflater.hpp"

namespace carillon::websocket {

/// Payload octets of messages that were compressed, before and after; and what connections hold now
/// because their contexts are taken over.
struct DeflateCounts {
  std::uint64_t sent_plain_bytes = 0;
  std::uint64_t sent_compressed_bytes = 0;
  std::uint64_t received_compressed_bytes = 0;
  std::uint64_t received_plain_bytes = 0;
  std::uint64_t held_deflaters = 0;
  std::uint64_t held_inflaters = 0;
};

/// Thread: one thread.
class DeflatePool {
 public:
  /// Units: `level` 1 (fast) to 9 (small).
  explicit DeflatePool(int level) : level_(level) {}

  int level() const { return level_; }
  DeflateCounts& counts() { return counts_; }

  /// Made at the first call, one per window size that is in use; without context.
  Deflater& fresh_deflater(std::uint8_t window_bits);
  /// Reads what any window wrote; without context.
  Inflater& fresh_inflater();

 private:
  int level_;
  DeflateCounts counts_;
  std::array<std::unique_ptr<Deflater>, kMostWindowBits - kLeastWindowBits + 1> deflaters_;
  std::unique_ptr<Inflater> inflater_;
};

}  // namespace carillon::websocket
