// Reading over a WebSocket: a subscription for each channel.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "client/reader.hpp"
#include "client/websocket_link.hpp"

namespace carillon::client {

/// Where more was missed than one answer holds, the channel is left and subscribed to again from
/// what has been read so far, until the rest fits: nothing has to be held back meanwhile.
class WebSocketReader final : public Reader, private WebSocketListener {
 public:
  WebSocketReader(net::Reactor& reactor, const ClientOptions& options, const ReadRequest& request,
                  ReaderListener& listener);

  void start(native::PositionList after) override;
  void stop() override;

 private:
  /// What a command's `id` says beside its channel.
  enum class Asked : std::uint8_t { Subscribe, Unsubscribe, History };
  struct Channel {
    std::optional<Position> position;
    bool leaving = false;  // what still comes belongs to the subscription that is given up
    bool broken = false;   // more was missed, and not all of it is retained
  };

  void on_socket_open() override;
  void on_socket_text(Bytes text) override;
  void on_socket_failed(const Failure& failure) override;

  void subscribe(std::size_t index);
  void unsubscribe(std::size_t index);
  void ask_for_retained(std::size_t index);
  void send(Asked what, std::size_t index, Bytes members);

  void on_reply(const ServerObject& reply);
  void on_subscribed(std::size_t index, const ServerObject& reply);
  void on_error(const ServerObject& reply);
  void on_message(std::size_t index, const ServerObject& object);
  void fail(const Failure& failure);

  const ReadRequest& request_;
  ReaderListener& listener_;
  WebSocketLink socket_;
  std::vector<Channel> channels_;
  bool stopped_ = false;
};

}  // namespace carillon::client
