// The compressing half of permessage-deflate: payloads into raw DEFLATE without the last four
// octets that are always the same (RFC 7692 §7.2.1). Wraps zlib's deflate.
#pragma once

#include <memory>
#include <string>

#include "core/bytes.hpp"

namespace carillon::websocket {

/// One window of one direction. Costs 2^(window_bits + 2) + 128 KiB of memory as long as it lives.
class Deflater {
 public:
  /// Units: `window_bits` 9–15; `level` 1 (fast) to 9 (small).
  Deflater(int window_bits, int level);
  Deflater(const Deflater&) = delete;
  Deflater& operator=(const Deflater&) = delete;
  ~Deflater();

  /// Appends one message's payload to `out`. It may refer to every message since the last `reset`.
  /// Shape: never empty; the empty message is one zero octet (RFC 7692 §7.2.3.6).
  void deflate(Bytes payload, std::string& out);

  /// The next message stands for itself.
  void reset();

 private:
  struct Stream;
  std::unique_ptr<Stream> stream_;
};

}  // namespace carillon::websocket
