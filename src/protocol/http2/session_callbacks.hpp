// What nghttp2 calls while it reads and writes: facts about frames, put down in the session.
#pragma once

#include <memory>

#include "protocol/http2/session.hpp"

struct nghttp2_session_callbacks;

namespace carillon::http2 {

/// Has access to the session that nghttp2 hands back.
struct SessionCallbacks {
  /// The same for every session.
  static const nghttp2_session_callbacks* table();

  struct Access;
};

}  // namespace carillon::http2
