// What one packet of a client may hold. How large one message of it may be is Engine.IO's to say.
#pragma once

#include <cstddef>

#include "protocol/json/limits.hpp"

namespace carillon::socketio {

struct Limits {
  /// Depth of the payload; `items` are an event's name and arguments.
  json::Limits json;
  /// Binary messages that belong to one packet; JavaScript's parser has the same limit.
  std::size_t attachments = 10;
  /// Octets of all attachments of one packet, which wait for the last of them.
  std::size_t attachments_bytes = 16 * 1024 * 1024;
  /// Octets of a Socket.IO namespace's name: it is looked up, and echoed in every answer.
  std::size_t name_space_bytes = 256;
};

}  // namespace carillon::socketio
