// The proof that a server has understood a WebSocket handshake; wraps the one use of SHA-1.
#pragma once

#include <string>

#include "core/bytes.hpp"

namespace carillon::websocket {

/// Sec-WebSocket-Accept for a Sec-WebSocket-Key.
/// Shape:  28 characters of base64.
/// Source: RFC 6455 §4.2.2 item 5.4.
std::string accept_key(Bytes key);

}  // namespace carillon::websocket
