// What a peer can do wrong once the WebSocket is open, and the close code that answers it.
#pragma once

#include <cstdint>
#include <string_view>

#include "protocol/websocket/close_code.hpp"

namespace carillon::websocket {

/// Why a connection has to be failed (RFC 6455 §7.1.7). The first one is final.
enum class ProtocolError : std::uint8_t {
  ReservedBits,            // §5.2: RSV bits that no negotiated extension owns
  UnknownOpcode,           // §5.2: 3–7 and 11–15
  UnmaskedClientFrame,     // §5.1: a server got a frame without a mask
  MaskedServerFrame,       // §5.1: a client got a frame with one
  LengthNotMinimal,        // §5.2: a longer length field than needed
  LengthTooLarge,          // §5.2: the top bit of the 64-bit length is set
  ControlTooLong,          // §5.5: more than 125 bytes
  ControlFragmented,       // §5.5: a control frame without FIN
  UnexpectedContinuation,  // §5.4: nothing to continue
  ExpectedContinuation,    // §5.4: a new message inside a fragmented one
  MessageTooBig,           // §10.4: over Limits::max_message_bytes
  TooManyFragments,        // §10.4: over Limits::max_fragments
  InvalidUtf8,             // §8.1: in a text message or a close reason
  InvalidCompression,      // RFC 7692 §7.2.2: no DEFLATE, or cut
  CloseTooShort,           // §5.5.1: a close payload of one byte
  InvalidCloseCode,        // §7.4: a code that may not stand in a frame
};

/// The code of the close frame that answers: 1002, 1007 or 1009.
CloseCode close_code_of(ProtocolError error);

/// A short English phrase, fit for the reason of that close frame.
std::string_view describe(ProtocolError error);

}  // namespace carillon::websocket
