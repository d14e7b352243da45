// The opening handshake as a client sees it: the request that is sent and the judgement on
// its answer (RFC 6455 §4.1).
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/bytes.hpp"
#include "core/result.hpp"
#include "protocol/websocket/handshake.hpp"

namespace carillon::websocket {

/// What a client asks for.
/// Lifetime: views; the caller keeps them until the answer has been checked.
struct Offer {
  Bytes host;    // with the port unless it is the scheme's own
  Bytes target;  // path and query
  Bytes key;     // from `client_key`
  std::span<const std::string_view> subprotocols = {};
  std::span<const Field> fields = {};  // Origin, Authorization, Cookie, …
};

/// A Sec-WebSocket-Key from 16 random octets, fresh for each connection.
std::string client_key(std::span<const char, 16> nonce);

/// The whole HTTP/1.1 request head. Nothing in the offer is escaped: values that come
/// from elsewhere must have been checked for CR and LF.
std::string request_head(const Offer& offer);

struct Answer {
  int status = 0;
  HandshakeFields fields;
};

/// Judges a server's answer; the value is the agreed subprotocol, if any.
/// Errors:   NotSwitched, NotAnUpgrade, BadAccept, UnwantedSubprotocol, UnwantedExtension.
/// Lifetime: the subprotocol is one of the offer's.
Result<std::optional<std::string_view>, HandshakeError> check_answer(const Answer& answer,
                                                                     const Offer& offer);

}  // namespace carillon::websocket
