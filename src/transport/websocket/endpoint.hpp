// One WebSocket of a client: commands in, replies and publications out.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "protocol/native/parse.hpp"
#include "protocol/native/problem_code.hpp"
#include "protocol/websocket/handshake.hpp"
#include "transport/common/caller.hpp"
#include "transport/common/channel_client.hpp"
#include "transport/common/worker.hpp"
#include "transport/websocket/connection.hpp"
#include "transport/websocket/wire_form.hpp"

namespace carillon::transport {

/// The subprotocol of CBOR in binary messages; any other, and none, is JSON in text messages.
inline constexpr std::string_view kCborSubprotocol = "carillon.cbor";

/// Lifetime: owned by its stream. Answers that come later find it by its handle.
class WebSocketEndpoint final : public WebSocketConnection, private ChannelClient {
 public:
  /// Speaks CBOR and compresses as the handshake has agreed.
  WebSocketEndpoint(Worker& worker, Caller caller, std::unique_ptr<Seat> seat,
                    const websocket::Accept& accept);

  /// Says `welcome`; before anything else.
  void open(net::ByteStream& stream);

 private:
  using WebSocketConnection::worker;

  // WebSocketConnection.
  void on_message(const websocket::Message& message) override;
  void on_writable() override { tell_drained(); }
  void give_up(GiveUp why) override;
  void on_closing() override { leave(); }
  void on_goodbye() override { part(hub::LeaveCause::Closed); }
  websocket::KeepaliveLimits keepalive_limits() const override;
  bool has_room() const override { return has_room_for_commands(); }
  void drain(Duration reconnect_after) override;
  Endpoint* endpoint() override { return is_open() ? this : nullptr; }

  // Endpoint, Subscriber.
  TransportKind transport() const override { return TransportKind::WebSocket; }
  hub::WireFormId wire_form() const override { return form().id(worker().wire_forms()); }
  void on_delivery(const hub::Delivery& delivery) override;
  bool congested() const override { return is_full(); }

  // ChannelClient.
  bool is_here() const override { return is_open(); }
  void say_done(const Asker& asker) override;
  void say_failure(const Asker& asker, const Problem& problem) override;
  void say_subscribed(const Asker& asker, const native::Subscribed& subscribed) override;
  void say_unsubscribed(Bytes channel) override;
  void say_publications(std::span<const hub::PublicationPtr> publications) override;
  void say_gap(Bytes channel, const Position& position) override;
  void close(native::ProblemCode code, bool reconnect, Duration wait) override;
  void resume_reading() override { resume_soon(); }
  void on_presence() override { watch_peer(); }

  // Commands that need the endpoint.
  void run(native::ParsedCommand command);
  void connect(std::string id, native::Connect command);
  void on_named(const std::string& id, const native::Connect& command,
                Result<std::optional<access::Identity>, Problem> named);
  Result<void, Problem> introduce(const native::Connect& command,
                                  Result<std::optional<access::Identity>, Problem> named);
  bool fill_channel(const std::string& id, std::optional<std::string>& channel);
  void run_later(native::ParsedCommand command);
  Compress compression_of_reply(const native::Command& command) const;
  void on_reply(Bytes reply, std::uint32_t weight, Compress compress);

  // Writing.
  void send_news(Bytes object);
  void send_reply(Bytes object, Compress compress = Compress::IfSmaller);

  FrameForm form() const { return {.encoding = encoding_, .window_bits = deflate_window_bits()}; }

  native::Encoding encoding_;
};

}  // namespace carillon::transport
