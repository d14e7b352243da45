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

  /// The peer ended its side, or reset it, and so has nothing to say on it any more (RFC 9113
  /// §5.1); frames for a stream that we have reset may still be under way.
  void end_by_peer(std::uint32_t stream);
  bool ended_by_peer(std::uint32_t stream) const;

  /// HEADERS came for it.
  void use(std::uint32_t stream);
  std::uint32_t highest() const { return highest_; }

 private:
  std::uint32_t highest_ = 0;
  struct Used {
    std::uint32_t stream = 0;
    bool ended_by_peer = false;
  };
  const Used* find(std::uint32_t stream) const;

  std::deque<Used> used_;  // rising; the newest `limits::kEndedStreams`
};

}  // namespace carillon::http2
