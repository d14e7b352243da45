// The server's last word before it ends a link: why, and when to come back.
#pragma once

#include "client/message.hpp"
#include "client/outgoing.hpp"

namespace carillon::client {

/// Reads `{"type":"closing","code","reconnect","wait_ms"?}`. Advice is cut to
/// `limits::kLongestAdvice`.
Failure read_closing(const ServerObject& closing);

}  // namespace carillon::client
