// The opening handshake of RFC 6455 §4 on field values, as a server sees it; how they travel
// (an HTTP/1.1 upgrade, or an extended CONNECT of HTTP/2) is the caller's business.
// client_handshake.hpp has the other side.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/bytes.hpp"
#include "core/result.hpp"
#include "protocol/websocket/deflate_offer.hpp"

namespace carillon::websocket {

/// Why a handshake fails. Those up to `BadExtensions` are a client's fault or wish and have
/// an HTTP status; the rest are what a client finds in a server's answer.
enum class HandshakeError : std::uint8_t {
  MethodNotGet,         // §4.2.1 item 1
  HttpVersionTooOld,    // §4.2.1 item 1
  NotAnUpgrade,         // §4.2.1 items 3, 4: Upgrade or Connection does not ask for it
  NotAConnect,          // RFC 8441 §5: HTTP/2, and no extended CONNECT for `websocket`
  UnsupportedVersion,   // §4.2.1 item 6, §4.4: Sec-WebSocket-Version is missing or not 13
  BadKey,               // §4.2.1 item 5: missing, doubled, or not base64 of 16 octets
  BadSubprotocols,      // §4.1 item 10: not a list of distinct tokens
  BadExtensions,        // §9.1: does not match the grammar
  NotSwitched,          // §4.1: the answer's status is not 101
  BadAccept,            // §4.1: Sec-WebSocket-Accept is not the one for our key
  UnwantedSubprotocol,  // §4.1: one that was not asked for
  UnwantedExtension,    // §4.1: one that was not asked for
};

struct Field {
  std::string_view name;
  std::string_view value;
};

/// What takes part in a handshake among the fields of a message. Each member has the values
/// of all field lines of its name, in order.
/// Lifetime: views into the message that `add` was given.
struct HandshakeFields {
  std::vector<Bytes> upgrade;
  std::vector<Bytes> connection;
  std::vector<Bytes> key;
  std::vector<Bytes> accept;
  std::vector<Bytes> version;
  std::vector<Bytes> subprotocols;
  std::vector<Bytes> extensions;

  /// Keeps a field if it is one of these, by its name in any case; ignores all others.
  void add(Bytes name, Bytes value);
};

/// How the wish travels. RFC 8441 §5: over HTTP/2 the method and `:protocol` say it, so that
/// Upgrade, Connection and the key are not there, and nothing is accepted by a key.
enum class Carrier : std::uint8_t { Upgrade, ExtendedConnect, PlainHttp2 };

struct UpgradeRequest {
  Carrier carrier = Carrier::Upgrade;
  Bytes method;
  bool is_http_1_1_or_later = false;
  HandshakeFields fields;
};

/// What a server answers with 101, `Upgrade: websocket` and `Connection: Upgrade`; with 200 alone
/// where the carrier is an extended CONNECT.
struct Accept {
  std::string accept_key;                       // Sec-WebSocket-Accept; empty: none belongs to it
  std::optional<std::string_view> subprotocol;  // Sec-WebSocket-Protocol, if any
  std::optional<DeflateAgreement> deflate;      // its response is Sec-WebSocket-Extensions, if any
};

/// Judges a request. The subprotocol is the first of `supported` that the client
/// offers; none in common is no error, the client decides then whether to stay. Compression is
/// agreed on by `deflate`, and declined without it; so is every other extension.
/// Errors:   MethodNotGet … BadExtensions.
/// Lifetime: `subprotocol` is one of `supported`.
Result<Accept, HandshakeError> accept_upgrade(const UpgradeRequest& request,
                                              std::span<const std::string_view> supported,
                                              const std::optional<DeflatePolicy>& deflate = {});

/// The HTTP answer to a refused request.
struct Refusal {
  int status = 400;
  std::string_view detail;
  std::span<const Field> fields = {};  // to be added to the response
};

Refusal refusal_of(HandshakeError error);

}  // namespace carillon::websocket
