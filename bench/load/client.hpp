// One connection to the server under load: opens, speaks the server's dialect, and tells what it
// hears.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "load/event_lines.hpp"
#include "load/http_wire.hpp"
#include "load/loop.hpp"
#include "load/options.hpp"
#include "load/wire.hpp"

namespace carillon::bench {

/// Subscribers are numbered from 0; the publisher is another.
inline constexpr std::size_t kPublisherIndex = static_cast<std::size_t>(-1);

class ClientListener {
 public:
  /// It is open and subscribed. Called once.
  virtual void on_ready(std::size_t index) = 0;
  /// A WebSocket's message, a line of data of an event stream, or the body of an answered poll. Of
  /// Socket.IO: whole packets, whatever they are.
  virtual void on_text(std::size_t index, std::string_view text) = 0;

 protected:
  ~ClientListener() = default;
};

enum class Role : std::uint8_t { Subscriber, Publisher };

/// Errors:   whatever goes wrong ends the run: throws WireError from `Loop::turn`.
/// Lifetime: loop, options and listener outlive it. It does not move.
class Client final : private Pollable {
 public:
  Client(Loop& loop, const Options& options, ClientListener& listener, Role role,
         std::size_t index);
  /// A message from a WebSocket. With `Later` it waits for the next one without.
  enum class When : std::uint8_t { Now, Later };
  void send_text(std::string_view text, When when = When::Now);

 private:
  enum class Stage : std::uint8_t { Connecting, Head, Open };

  void on_events(std::uint32_t events) override;
  void receive();
  bool step(std::string_view& input);
  bool take_response_head(std::string_view& input);
  bool take_websocket_frame(std::string_view& input);
  void take_body(std::string_view& input);
  void on_poll_answered();
  void on_payload();
  void on_packet(std::string_view packet);
  void hear(std::string_view text);
  void become_ready();
  void send_request();
  std::string request_text() const;
  std::string post_text() const;
  bool is_websocket() const;
  bool is_socketio() const;
  void flush();

  Loop& loop_;
  const Options& options_;
  ClientListener& listener_;
  const Role role_;
  const std::size_t index_;
  Stage stage_ = Stage::Connecting;
  bool ready_ = false;
  bool watches_output_ = true;
  Wire wire_;
  ResponseHead head_;  // the last one
  std::optional<BodyReader> body_;
  EventLines lines_;     // of an event stream
  std::string text_;     // of another body, decoded and not told yet
  std::string session_;  // of Engine.IO, where it polls
  std::string payload_;  // its packets for the next POST
  std::string pending_;  // received, not understood yet
  std::string unsent_;
};

/// `text` with {channel} filled in.
std::string with_channel(std::string text, const std::string& channel);
void replace_all(std::string& text, std::string_view from, std::string_view to);

}  // namespace carillon::bench
