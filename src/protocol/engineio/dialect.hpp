// How a client speaks: which version of the protocol, and whether it can take octets.
#pragma once

#include <cstdint>

namespace carillon::engineio {

/// `EIO` in requests. Version 3 is that of Socket.IO clients of version 1 and 2: there clients ask
/// for signs of life, packets of a payload are counted, and binary packets begin with their type.
enum class Version : std::uint8_t { V3 = 3, V4 = 4 };

struct Dialect {
  Version version = Version::V4;
  /// Binary messages go to the client as base64: `b64=1` in its handshake.
  bool text_only = false;
};

}  // namespace carillon::engineio
