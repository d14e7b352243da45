// A WebSocket endpoint of the application's own.
#pragma once

#include <any>
#include <memory>
#include <string>
#include <string_view>

#include "carillon/web_socket.hpp"
#include "facade/channel_feed.hpp"
#include "facade/core.hpp"
#include "protocol/websocket/handshake.hpp"
#include "transport/websocket/connection.hpp"

namespace carillon::facade {

/// What all endpoints of a path share; constant once the server runs.
struct WebSocketRoute {
  Core& core;
  WebSocketOptions options;
  transport::WebSocketSettings settings;
};

/// Lifetime: owned by its stream; `route` outlives it.
class ApplicationWebSocket final : public WebSocket,
                                   public transport::WebSocketConnection,
                                   private hub::Subscriber {
 public:
  ApplicationWebSocket(Local& local, const WebSocketRoute& route, const websocket::Accept& accept,
                       std::any state);
  ~ApplicationWebSocket() override;

  /// Lets the application begin; before anything else.
  void open(net::ByteStream& stream, const Request& request);

  // WebSocket.
  WebSocketId id() const override { return local_.id_of<WebSocket>(slot_); }
  bool is_open() const override { return WebSocketConnection::is_open(); }
  bool send(std::string_view data, MessageKind kind) override;
  std::size_t buffered_bytes() const override;
  void close(std::uint16_t code, std::string_view reason) override;
  void abort() override;
  bool subscribe(std::string_view channel) override;
  void unsubscribe(std::string_view channel) override { feed_.unsubscribe(channel); }
  std::string_view subprotocol() const override { return subprotocol_; }
  std::any& state() override { return state_; }

 private:
  // WebSocketConnection.
  void on_message(const websocket::Message& message) override;
  void on_writable() override;
  void give_up(GiveUp why) override;
  void on_closing() override { feed_.leave(); }
  void on_ended(websocket::CloseCode code, Bytes reason) override;
  void drain(Duration reconnect_after) override;

  // Subscriber.
  hub::WireFormId wire_form() const override {
    return route_.core.data_frame(deflate_window_bits());
  }
  void on_delivery(const hub::Delivery& delivery) override;
  void on_gap(hub::SubscriptionId subscription, const Position& position) override;
  bool congested() const override { return is_full(); }

  template <class Call>
  void call(const char* handler, Call invoke);
  void tell_drained();
  void watch_drain() const;
  void on_flush();

  Local& local_;
  const WebSocketRoute& route_;
  ChannelFeed feed_;
  std::string subprotocol_;
  std::any state_;
  Handle slot_;
  bool opened_ = false;
  bool ended_ = false;
  mutable bool watching_ = false;
};

/// The handler of a route.
void serve_web_socket(Local& local, transport::Exchange& exchange, const WebSocketRoute& route);

}  // namespace carillon::facade
