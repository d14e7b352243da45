// Why an Engine.IO session ended.
#pragma once

#include <cstdint>
#include <string_view>

namespace carillon::engineio {

/// Source: the reasons of the `close` event in Engine.IO's server API.
enum class CloseReason : std::uint8_t {
  TransportClosed,     // the client left: a close packet, or its WebSocket ended
  TransportError,      // requests that overlap, an aborted poll, a ping of the client's
  PingTimeout,         // no pong in time
  ParseError,          // what is no packet
  ForcedClose,         // our own application ended it
  ServerShuttingDown,  // the server stops
};

/// In Engine.IO's own words, e.g. "ping timeout".
std::string_view describe(CloseReason reason);

}  // namespace carillon::engineio
