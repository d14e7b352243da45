// A WebSocket from the client's side: the handshake, frames both ways, pings when it is silent, and
// the closing handshake.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "client/answer.hpp"
#include "client/outgoing.hpp"
#include "core/bytes.hpp"
#include "outgoing/link.hpp"
#include "protocol/http1/limits.hpp"
#include "protocol/http1/response_parser.hpp"
#include "protocol/websocket/close.hpp"
#include "protocol/websocket/keepalive.hpp"
#include "protocol/websocket/receiver.hpp"

namespace carillon::client {

class WebSocketListener {
 public:
  virtual ~WebSocketListener() = default;
  virtual void on_socket_open() = 0;
  virtual void on_socket_text(Bytes text) = 0;
  /// The socket is over, or never opened. Not after `close()`.
  virtual void on_socket_failed(const Failure& failure) = 0;
};

/// Thread:   its reactor's own.
/// Lifetime: reactor, options and listener outlive it. It may be closed in its own callbacks, not
///           destroyed.
class WebSocketLink final : private LinkListener {
 public:
  WebSocketLink(net::Reactor& reactor, const ClientOptions& options, WebSocketListener& listener);

  /// Connects and asks for `target`, without the server's base path. Called once.
  /// Errors: Unreachable, Lost, NotOurs, Refused, TooLarge; Silent when not even a ping brings an
  ///         answer within `options.silence`.
  void open(Bytes target);
  void send_text(Bytes text);
  /// Sends a close frame and ends. No callback afterwards. Idempotent.
  void close();

 private:
  enum class State : std::uint8_t { Connecting, Handshake, Refusing, Open, Over };

  void on_link_open() override;
  void on_link_bytes(std::span<char> received) override;
  void on_link_end() override;
  void on_link_deadline() override;
  void on_link_failed(const Failure& failure) override;

  websocket::KeepaliveLimits patience() const;
  void wait_for_life();
  void read_answer(std::span<char> received);
  void on_head(std::span<char> rest);
  void read_refusal(Bytes input);
  void end_refusal();
  void read_frames(std::span<char> input);
  void on_event(const websocket::Event& event);
  void on_close(const websocket::Close& close);
  void send_frame(websocket::Opcode opcode, Bytes payload);
  void fail(Failure failure);

  const ClientOptions& options_;
  WebSocketListener& listener_;
  Link link_;
  State state_ = State::Connecting;
  std::string target_;
  std::string key_;
  http1::Limits limits_;
  http1::ResponseParser parser_;
  Answer answer_;  // to the handshake; its body only where it refuses
  websocket::Receiver receiver_;
  websocket::CloseHandshake close_handshake_;
  websocket::Keepalive keepalive_;
};

}  // namespace carillon::client
