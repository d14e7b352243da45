// Why an HTTP/2 connection is ended by our side, and the code that the peer reads in GOAWAY.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/bytes.hpp"

namespace carillon::http2 {

enum class ConnectionError : std::uint8_t {
  WrongPreface,       // RFC 9113 §3.4: it does not begin as HTTP/2
  BrokenRules,        // what nghttp2 finds: framing, HPACK, states of streams, flow control
  UnexpectedStream,   // §5.1.1: HEADERS for a stream that was passed over, or of an even number
  ClosedStream,       // §5.1: DATA or HEADERS for a stream that the peer itself has ended
  ResetFlood,         // streams opened and reset again and again ("rapid reset")
  ControlFlood,       // SETTINGS, PING, PRIORITY, empty frames or tiny window updates, for nothing
  ContinuationFlood,  // a header section that does not end
  Unread,             // it makes us answer and reads nothing of it
};
inline constexpr std::size_t kConnectionErrorCount = 8;

/// As metrics and logs name it, e.g. `reset_flood`.
Bytes name_of(ConnectionError error);

/// RFC 9113 §7.
enum class ErrorCode : std::uint32_t {
  NoError = 0x0,
  ProtocolError = 0x1,
  InternalError = 0x2,
  FlowControlError = 0x3,
  StreamClosed = 0x5,
  RefusedStream = 0x7,
  Cancel = 0x8,
  EnhanceYourCalm = 0xb,
};

ErrorCode code_of(ConnectionError error);

}  // namespace carillon::http2
