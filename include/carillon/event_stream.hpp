// Server-Sent Events of the application's own: for EventSource in a browser, or any HTTP client.
#pragma once

#include <any>
#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string_view>

#include "carillon/endpoint_id.hpp"
#include "carillon/export.hpp"
#include "carillon/opening.hpp"
#include "carillon/request.hpp"

namespace carillon {

class EventStream;
using EventStreamId = EndpointId<EventStream>;

/// One event, or what goes with one.
struct Event {
  /// Of any number of lines. Without `data` and `event`, only `id` and `retry` are told.
  std::string_view data = {};
  /// Its type; `message` if empty. Without CR and LF.
  std::string_view event = {};
  /// What the client sends as `Last-Event-ID` when it comes back. Without NUL, CR and LF.
  std::optional<std::string_view> id = {};
  /// How long the client waits before it comes back.
  std::optional<std::chrono::milliseconds> retry = {};
};

/// One reader.
/// Thread:   its reactor's; the id from any (`Server::send`, `Server::post`).
/// Lifetime: from `on_open` until `on_close` has returned.
class CARILLON_API EventStream {
 public:
  virtual EventStreamId id() const = 0;
  virtual bool is_open() const = 0;

  /// Sent at the end of this tick.
  /// Returns: false, and drops it, where `buffered_bytes` is over
  ///          `EventStreamOptions::max_buffered_bytes` (go on in `on_drain`) or the stream has
  ///          ended.
  /// Throws std::invalid_argument for an `event` or an `id` that would break out of its line.
  virtual bool send(const Event& event) = 0;
  /// A line that readers do not show. Without one, a comment is sent after each `heartbeat` of
  /// silence.
  virtual bool comment(std::string_view text) = 0;
  /// Octets that the network has not taken yet.
  virtual std::size_t buffered_bytes() const = 0;

  /// Ends the stream; a browser comes back after `retry`. `on_close` comes after this tick.
  virtual void close() = 0;

  /// The reader gets each publication of the channel as an event: `id` is its position, the data
  /// is its data, base64 where that is no JSON. Everything after the position `after` comes first
  /// (what a reader that comes back sends as `Last-Event-ID`); empty: from now on. Where that
  /// cannot be continued from, an event `gap` tells it, and what is retained follows. A reader that
  /// is too slow is ended, and comes back. Access rules do not apply: it is the application that
  /// subscribes.
  /// Returns: false for what cannot be a channel's name, and for more than 1,000 channels.
  virtual bool subscribe(std::string_view channel, std::string_view after = {}) = 0;
  virtual void unsubscribe(std::string_view channel) = 0;

  /// The application's own; see `Opening::state`.
  virtual std::any& state() = 0;

  EventStream(const EventStream&) = delete;
  EventStream& operator=(const EventStream&) = delete;

 protected:
  EventStream() = default;
  ~EventStream() = default;
};

/// Limits and handlers of one endpoint. Handlers that are not set do nothing; one that throws ends
/// its stream (`on_request`: answers 500), and the exception is logged.
struct EventStreamOptions {
  /// Octets that wait for one reader before `send` refuses.
  std::size_t max_buffered_bytes = 1024 * 1024;
  /// Silence after which a comment is sent, at least 1 second: proxies drop what is silent.
  std::chrono::seconds heartbeat{15};
  Origins origins = Origins::Allowed;

  /// Sees the request and may refuse it or add fields to the answer.
  std::function<void(const Request&, Opening&)> on_request = {};
  /// `request.header("last-event-id")` tells where a reader stood that comes back.
  std::function<void(EventStream&, const Request&)> on_open = {};
  std::function<void(EventStream&)> on_drain = {};
  /// Once for each `on_open`.
  std::function<void(EventStream&)> on_close = {};
};

}  // namespace carillon
