// The incremental engine that turns received octets into messages and control frames.
// It knows no socket and sends nothing; the transport answers its events.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <variant>

#include "core/bytes.hpp"
#include "core/result.hpp"
#include "protocol/websocket/close.hpp"
#include "protocol/websocket/error.hpp"
#include "protocol/websocket/frame.hpp"
#include "protocol/websocket/limits.hpp"

namespace carillon::websocket {

/// A whole message, unmasked and put together.
struct Message {
  Opcode opcode = Opcode::Text;  // Text (then the payload is UTF-8) or Binary
  Bytes payload;
  /// Of the first frame. Not zero only where the extension that owns the bit was negotiated;
  /// then the payload is that extension's, and its UTF-8 has not been checked.
  ReservedBits reserved_bits = kNoReservedBits;
};

struct Ping {
  Bytes payload;  // to be sent back in a pong, unless the connection is closing
};

struct Pong {
  Bytes payload;
};

/// The views in an event live until the next call of `Receiver::next`, and no longer than the
/// input they were found in.
using Event = std::variant<Message, Ping, Pong, Close>;

/// One direction of one connection.
///
///     std::span<char> input = received;
///     while (auto event = TRY(receiver.next(input))) handle(*event);
///
/// Holds no memory but itself while no message or frame is half-way, and never more than
/// what has arrived of one message, plus the room a growing buffer keeps.
class Receiver {
 public:
  explicit Receiver(Role role, Limits limits = {}, ReservedBits allowed = kNoReservedBits);
  ~Receiver();
  Receiver(Receiver&&) noexcept;
  Receiver& operator=(Receiver&&) noexcept;

  /// Takes one event off the front of `input`; an empty optional means that all of it has
  /// been taken and more is needed. Payloads are unmasked in place; a frame that is a whole
  /// message and lies in `input` entirely is passed as a view into it.
  /// Errors: any ProtocolError; every later call returns the same one. Invalid UTF-8 and
  ///         lengths over the limit are told as soon as they can be seen.
  /// After a `Close` all input is swallowed: nothing may follow it (RFC 6455 §5.5.1).
  Result<std::optional<Event>, ProtocolError> next(std::span<char>& input);

  /// Whether a frame or message has begun and not ended: what a time limit on slow senders
  /// looks at, once `next` has said that it needs more.
  bool has_partial_input() const { return partial_ != nullptr; }

 private:
  struct Partial;
  using Step = Result<std::optional<Event>, ProtocolError>;
  using Check = Result<void, ProtocolError>;

  Step advance(std::span<char>& input);
  Result<std::optional<FrameHeader>, ProtocolError> take_header(std::span<char>& input);
  Check admit(const FrameHeader& header) const;
  static bool is_whole_event(const FrameHeader& header);
  Step whole_frame(const FrameHeader& header, std::span<char> payload);
  void begin_frame(const FrameHeader& header);
  Step frame_piece(std::span<char>& input);
  Step end_of_frame();
  Step control_event(Opcode opcode, Bytes payload);
  Partial& partial();
  void release_delivered();

  std::unique_ptr<Partial> partial_;
  Limits limits_;
  Role role_;
  ReservedBits allowed_;
  bool close_received_ = false;
  std::optional<ProtocolError> error_;
};

static_assert(sizeof(Receiver) <= 32, "one per connection");

}  // namespace carillon::websocket
