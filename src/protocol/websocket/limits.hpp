// How much of a peer's message is held in memory before it is complete.
#pragma once

#include <cstdint>

namespace carillon::websocket {

struct Limits {
  /// The payload of one message over all its fragments, in bytes; judged from frame headers,
  /// before the payload arrives. A compressed one may be as much larger on the wire as what cannot
  /// be compressed grows (RFC 7692 §7.2.1); what it holds is for the inflater to limit.
  std::uint64_t max_message_bytes = 64 * 1024;
  /// The frames of one message, at least 1. Bytes do not bound them, since a fragment may be
  /// empty; each costs time and no memory, so this may be generous.
  std::uint32_t max_fragments = 256 * 1024;
};

}  // namespace carillon::websocket
