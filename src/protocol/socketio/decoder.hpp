// Engine.IO messages into Socket.IO packets: a text message, then its binary attachments.
#pragma once

#include <cstddef>
#include <optional>

#include "core/bytes.hpp"
#include "core/result.hpp"
#include "protocol/socketio/error.hpp"
#include "protocol/socketio/limits.hpp"
#include "protocol/socketio/packet.hpp"

namespace carillon::socketio {

/// The text of one packet, whose attachments are still to come.
struct ParsedText {
  Packet packet;
  std::size_t attachment_count = 0;
};

/// Reads `<type>[<count>-][<namespace>,][<id>][<payload>]`.
/// Shape:  a BinaryEvent or BinaryAck is still one; what its placeholders stand for is checked.
/// Errors: all but ExpectedBinary, UnexpectedBinary, TooLarge.
/// Source: Socket.IO protocol v5, "Packet encoding".
Result<ParsedText, Error> parse_text(Bytes text, const Limits& limits = {});

/// Both directions: what a server and what a client may send. Whether a packet fits the state of
/// its connection is for others to say.
class Decoder {
 public:
  explicit Decoder(const Limits& limits = {}) : limits_(limits) {}

  /// The payloads of Engine.IO `message` packets, one at a time.
  /// Shape:  a packet where it is complete; empty while attachments are missing.
  /// Errors: the first is final: the engine is to be closed.
  Result<std::optional<Packet>, Error> on_text(Bytes text);
  Result<std::optional<Packet>, Error> on_binary(Bytes octets);

 private:
  Result<std::optional<Packet>, Error> begin(Bytes text);
  Result<std::optional<Packet>, Error> attach(Bytes octets);

  Limits limits_;
  std::optional<ParsedText> waiting_;
  std::size_t attached_bytes_ = 0;
  std::optional<Error> error_;
};

}  // namespace carillon::socketio
