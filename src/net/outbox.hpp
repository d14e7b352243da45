// What waits to be written to one stream: counted segments, gathered for one send.
#pragma once

#include <sys/uio.h>

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "core/shared_bytes.hpp"

namespace carillon::net {

/// A queue of octets. Shared segments are kept by reference; small copied pieces that follow each
/// other are joined in one.
/// Thread: one thread.
class Outbox {
 public:
  void append(SharedBytes segment);
  void append(Bytes piece);

  bool empty() const { return byte_count_ == 0; }
  std::size_t byte_count() const { return byte_count_; }

  /// Fills `pieces` from the front, at most `limits::kBytesPerSend` octets in all (the first
  /// piece whatever its size, cut to that); returns how many are filled.
  /// Lifetime: the pieces are good until the next call of anything else.
  std::size_t gather(std::span<iovec> pieces) const;

  /// The first octets in one piece, as many as `room` holds or as there are: where they lie, or, of
  /// several pieces, copied to `room`.
  Bytes front(std::span<char> room) const;

  /// Drops the first `count` octets: the kernel has them.
  void consume(std::size_t count);

  void clear();

 private:
  void seal();

  std::vector<SharedBytes> segments_;
  std::size_t first_ = 0;         // index of the first segment not yet sent
  std::size_t first_offset_ = 0;  // octets of it (or of `joined_`) already sent
  std::string joined_;            // copied pieces, behind all segments
  std::size_t byte_count_ = 0;
};

}  // namespace carillon::net
