// What waits to be sent on one stream: shared pieces, and whether they are the last.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <span>
#include <string>

#include "core/bytes.hpp"
#include "core/shared_bytes.hpp"

namespace carillon::http2 {

class StreamOutbox {
 public:
  void append(SharedBytes piece);
  /// The same with a copy; small pieces that follow each other become one.
  void append(Bytes piece);
  /// Nothing follows what is in it.
  void finish() { finished_ = true; }

  std::size_t byte_count() const { return byte_count_; }
  bool finished() const { return finished_; }
  /// How many have been taken since the beginning.
  std::uint64_t taken_bytes() const { return taken_bytes_; }
  /// Everything has been taken, and nothing follows.
  bool done() const { return finished_ && byte_count_ == 0; }

  /// Moves as many octets as there are to the front of `room`; returns how many.
  std::size_t take(std::span<char> room);

 private:
  void seal();

  std::deque<SharedBytes> pieces_;
  std::string joined_;            // behind them: small pieces, while they come
  std::size_t first_offset_ = 0;  // octets of the first piece already taken
  std::size_t byte_count_ = 0;
  std::uint64_t taken_bytes_ = 0;
  bool finished_ = false;
};

}  // namespace carillon::http2
