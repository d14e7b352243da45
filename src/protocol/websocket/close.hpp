// The end of a WebSocket: what a close frame says, and the handshake of two close frames
// after which the connection may go (RFC 6455 §7).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "core/bytes.hpp"
#include "core/result.hpp"
#include "protocol/websocket/close_code.hpp"
#include "protocol/websocket/error.hpp"

namespace carillon::websocket {

/// A close frame that arrived. `code` is `NoStatus` when it had no payload.
struct Close {
  CloseCode code = CloseCode::NoStatus;
  Bytes reason;
};

/// Control frames hold 125 bytes, the code takes two (RFC 6455 §5.5).
inline constexpr std::size_t kMaxCloseReasonBytes = 123;

/// Shape:    empty, or a two-byte code and a reason in UTF-8.
/// Errors:   CloseTooShort, InvalidCloseCode, InvalidUtf8.
/// Lifetime: the reason is a view into `payload`.
/// Source:   RFC 6455 §5.5.1.
Result<Close, ProtocolError> parse_close_payload(Bytes payload);

/// The payload of a close frame; a reason that is too long is cut between two characters.
/// `NoStatus` makes an empty payload, so that `close_payload(received.code, {})` is the echo
/// of any close frame that was received. Any other code must pass `may_stand_in_frame`.
std::string close_payload(CloseCode code, Bytes reason);

enum class CloseState : std::uint8_t {
  Open,
  CloseSent,      // ours is out; messages that still arrive are ignored, the answer is awaited
  CloseReceived,  // theirs is here; ours must follow, nothing else may
  Closed,         // both: a server closes the connection now, a client waits for that (§7.1.1)
};

/// Keeps each side from closing twice, whoever starts.
class CloseHandshake {
 public:
  /// Called before a close frame is written. False: one was sent already, write nothing.
  [[nodiscard]] bool send();
  /// Called when a close frame has arrived. True: it is the peer that starts, answer it.
  [[nodiscard]] bool receive();

  CloseState state() const { return state_; }
  /// Whether messages may be sent, and those that arrive be passed on.
  bool open() const { return state_ == CloseState::Open; }

 private:
  CloseState state_ = CloseState::Open;
};

}  // namespace carillon::websocket
