// WebSocket endpoints of the application's own.
#pragma once

#include <any>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>

#include "carillon/endpoint_id.hpp"
#include "carillon/export.hpp"
#include "carillon/opening.hpp"
#include "carillon/request.hpp"

namespace carillon {

class WebSocket;
using WebSocketId = EndpointId<WebSocket>;

enum class MessageKind : std::uint8_t {
  Text,  // UTF-8: received ones are checked, and a client ends the connection over a bad one
  Binary,
};

/// Lifetime: a received one until `on_message` returns.
struct Message {
  std::string_view data;
  MessageKind kind = MessageKind::Text;
};

/// Why a WebSocket ended.
struct Closing {
  /// The peer's close code; 1005: it gave none; 1006: the connection was lost, or given up by
  /// `abort`; 1002, 1007, 1009: the peer broke the protocol or a limit.
  std::uint16_t code = 1006;
  std::string_view reason = {};
};

/// One client.
///
/// What is sent in one tick leaves in one write. While a client does not take what it is sent, its
/// messages are not read either.
///
/// Thread:   its reactor's; the id from any (`Server::send`, `Server::post`).
/// Lifetime: from `on_open` until `on_close` has returned.
class CARILLON_API WebSocket {
 public:
  virtual WebSocketId id() const = 0;
  /// False from the moment that either side closes.
  virtual bool is_open() const = 0;

  /// Copies the message and sends it at the end of this tick. A text must be UTF-8.
  /// Returns: false, and drops it, where `buffered_bytes` is over
  ///          `WebSocketOptions::max_buffered_bytes` (go on in `on_drain`) or the WebSocket is
  ///          closed. A message of any size is taken while it is not.
  virtual bool send(std::string_view data, MessageKind kind = MessageKind::Text) = 0;
  bool send(const Message& message) { return send(message.data, message.kind); }
  /// Octets that the network has not taken yet.
  virtual std::size_t buffered_bytes() const = 0;

  /// Starts the closing handshake; what was sent before still arrives, and `on_close` comes when
  /// the peer has answered, or has not within 5 seconds. A second call does nothing.
  /// Units:  a reason of at most 123 octets of UTF-8, cut if longer.
  /// Throws std::invalid_argument for a code that may not be sent: 1000–1003, 1007–1014 and
  /// 3000–4999 may (RFC 6455 §7.4); 4000–4999 are the application's own.
  virtual void close(std::uint16_t code = 1000, std::string_view reason = {}) = 0;
  /// Ends the connection without a handshake; `on_close` comes after this tick.
  virtual void abort() = 0;

  /// From now on the client gets each publication of the channel: its data, as a text message for
  /// JSON and as a binary one otherwise. They are framed once for all subscribers. A client that
  /// is too slow for them is closed with 1008. Access rules do not apply: it is the application
  /// that subscribes.
  /// Returns: false for what cannot be a channel's name, and for more than 1,000 channels.
  virtual bool subscribe(std::string_view channel) = 0;
  virtual void unsubscribe(std::string_view channel) = 0;

  /// The one agreed upon; empty: none.
  virtual std::string_view subprotocol() const = 0;
  /// The application's own; see `Opening::state`.
  virtual std::any& state() = 0;

  WebSocket(const WebSocket&) = delete;
  WebSocket& operator=(const WebSocket&) = delete;

 protected:
  WebSocket() = default;
  ~WebSocket() = default;
};

/// Whether messages are compressed where the client offers it (permessage-deflate, RFC 7692).
enum class Compression : std::uint8_t { Off, On };

/// Limits and handlers of one endpoint. Handlers that are not set do nothing; one that throws
/// closes its WebSocket with 1011 (`on_upgrade`: answers 500), and the exception is logged.
struct WebSocketOptions {
  /// Octets of one message over all its fragments; a longer one is answered by 1009.
  std::size_t max_message_bytes = 64 * 1024;
  /// Octets that wait for one client before `send` refuses; half of them stop reading from it.
  std::size_t max_buffered_bytes = 1024 * 1024;
  Compression compression = Compression::Off;
  /// Silence after which a client is given up; it is asked for a sign of life (ping) half way.
  /// At least 2 seconds.
  std::chrono::seconds idle_timeout{45};
  Origins origins = Origins::Allowed;

  /// Sees the request and may refuse it, choose a subprotocol, add fields to the answer.
  std::function<void(const Request&, Opening&)> on_upgrade = {};
  std::function<void(WebSocket&, const Request&)> on_open = {};
  std::function<void(WebSocket&, const Message&)> on_message = {};
  /// Everything sent has been taken by the network, after it had not been for a while.
  std::function<void(WebSocket&)> on_drain = {};
  /// Once for each `on_open`; `send` does nothing any more.
  std::function<void(WebSocket&, const Closing&)> on_close = {};
};

}  // namespace carillon
