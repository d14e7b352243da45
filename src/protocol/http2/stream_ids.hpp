// Which numbers of streams a peer has used: those between them are passed over for good.
#pragma once

#include <cstdint>
#include <deque>

namespace carillon::http2 {

class StreamIds {
 public:
  /// Whether HEADERS may come for this stream: a new one, or one that was opened and whose frames
  /// may still be under way. Source: RFC 9113 §5.1.1: numbers rise, are odd, and an unexpected one
  /// is a connection error.
  bool may_have_headers(std::uint32_t stream) const;

  /// HEADERS came for it.
  void use(std::uint32_t stream);
  std::uint32_t highest() const { return highest_; }

 private:
  std::uint32_t highest_ = 0;
  std::deque<std::uint32_t> used_;  // rising; the newest `limits::kEndedStreams`
};

}  // namespace carillon::http2
