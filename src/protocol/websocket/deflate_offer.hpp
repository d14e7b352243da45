// What a client offers of permessage-deflate, and what a server makes of it (RFC 7692 §7.1).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "protocol/websocket/extension.hpp"

namespace carillon::websocket {

/// Whether the window of one direction lasts from one message to the next.
enum class Context : std::uint8_t { Fresh, TakenOver };

/// The base-2 logarithm of a window's size. zlib cannot write raw streams of fewer than 9.
inline constexpr std::uint8_t kLeastWindowBits = 9;
inline constexpr std::uint8_t kMostWindowBits = 15;

/// What a server is willing to do. A taken over context costs memory on every connection, as long
/// as it is open: see `Deflater` and `Inflater`.
struct DeflatePolicy {
  Context server_context = Context::Fresh;
  Context client_context = Context::Fresh;
  /// 9–15, of both directions at most.
  std::uint8_t window_bits = kMostWindowBits;
};

/// What both sides have agreed on. `client_window_bits` may be 8.
struct DeflateParameters {
  Context server_context = Context::Fresh;
  Context client_context = Context::Fresh;
  std::uint8_t server_window_bits = kMostWindowBits;
  std::uint8_t client_window_bits = kMostWindowBits;
  bool operator==(const DeflateParameters&) const = default;
};

struct DeflateAgreement {
  DeflateParameters parameters;
  std::string response;  // the value of Sec-WebSocket-Extensions in the 101
};

/// Accepts the first of the offers that can be honoured. One is declined, and the next looked at,
/// for another name, an unknown or repeated parameter, a value that is missing, wrong or not
/// wanted, and for `server_max_window_bits=8`, which zlib cannot keep to.
/// Shape:  empty when none is left: the connection goes on without the extension.
/// Source: RFC 7692 §7.1 (when to decline), §7.1.1 (contexts), §7.1.2 (windows).
std::optional<DeflateAgreement> agree_on_deflate(std::span<const Extension> offers,
                                                 const DeflatePolicy& policy);

}  // namespace carillon::websocket
