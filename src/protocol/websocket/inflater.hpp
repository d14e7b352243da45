// The decompressing half of permessage-deflate (RFC 7692 §7.2.2). Wraps zlib's inflate.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "core/bytes.hpp"
#include "core/result.hpp"
#include "protocol/websocket/error.hpp"

namespace carillon::websocket {

/// One window of one direction. Costs 2^window_bits + 7 KiB of memory as long as it lives.
class Inflater {
 public:
  /// Units: `window_bits` 8–15, at least the compressor's; what agreed on 8 is given 9, since old
  ///        versions of zlib write that.
  explicit Inflater(int window_bits);
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;
  ~Inflater();

  /// Appends the message that a whole compressed payload stands for. Blocks may be final ones,
  /// and more may follow those (§7.2.3.4); an empty payload is the empty message, as zlib writes
  /// it behind another message.
  /// Errors: InvalidCompression for what is no DEFLATE or does not end where §7.2.1 cuts it;
  ///         MessageTooBig as soon as more than `limit_bytes` have come out. `out` never grows by
  ///         more than that and one octet. After an error nothing but `reset` makes sense.
  Result<void, ProtocolError> inflate(Bytes payload, std::size_t limit_bytes,
                                      std::vector<char>& out);

  /// The next message stands for itself.
  void reset();

 private:
  struct Stream;
  Result<void, ProtocolError> run(Bytes input, std::size_t most_bytes, std::vector<char>& out);

  std::unique_ptr<Stream> stream_;
};

}  // namespace carillon::websocket
