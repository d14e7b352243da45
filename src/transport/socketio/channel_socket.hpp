// A Socket.IO client on channels, with no handler of anybody's: events are commands, publications
// are events.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include "net/timer_wheel.hpp"
#include "protocol/native/parse.hpp"
#include "protocol/socketio/decoder.hpp"
#include "transport/common/caller.hpp"
#include "transport/common/channel_client.hpp"
#include "transport/common/worker.hpp"
#include "transport/socketio/engine_session.hpp"
#include "transport/socketio/event_writer.hpp"

namespace carillon::transport {

/// The main Socket.IO namespace is the only one. What asks for a reply is the number of the
/// acknowledgement.
/// Lifetime: owned by its session.
class ChannelSocket final : public EngineApplication, private ChannelClient {
 public:
  ChannelSocket(EngineSession& session, Caller caller, std::unique_ptr<Seat> seat);
  ~ChannelSocket() override;

 private:
  // EngineApplication.
  void on_open() override;
  void on_message(engineio::DataKind kind, Bytes data) override;
  void on_writable() override { tell_drained(); }
  void on_slow() override;
  void on_drain(Duration reconnect_after) override;
  void on_goodbye() override { part(hub::LeaveCause::Closed); }
  void on_closed(engineio::CloseReason reason) override;
  engineio::HeartbeatTimes heartbeat(const engineio::HeartbeatTimes& usual) const override;
  bool has_room() const override { return has_room_for_commands(); }
  Endpoint* endpoint() override { return is_connected_ ? this : nullptr; }

  // Endpoint, Subscriber.
  TransportKind transport() const override { return TransportKind::SocketIo; }
  hub::WireFormId wire_form() const override { return worker().wire_forms().socketio; }
  void on_delivery(const hub::Delivery& delivery) override;
  bool congested() const override { return session_.congested(); }

  // ChannelClient.
  bool is_here() const override { return is_connected_ && session_.is_open(); }
  void say_done(const Asker& asker) override;
  void say_failure(const Asker& asker, const Problem& problem) override;
  void say_subscribed(const Asker& asker, const native::Subscribed& subscribed) override;
  void say_unsubscribed(Bytes channel) override;
  void say_publications(std::span<const hub::PublicationPtr> publications) override;
  void say_gap(Bytes channel, const Position& position) override;
  void close(native::ProblemCode code, bool reconnect, Duration wait) override;
  void resume_reading() override { session_.resume(); }
  void on_presence() override { session_.watch_client(); }

  // Packets.
  Result<std::optional<socketio::Packet>, socketio::Error> decode(engineio::DataKind kind,
                                                                  Bytes data);
  void on_packet(const socketio::Packet& packet);
  void on_connect(const socketio::Packet& packet);
  void on_named(Result<std::optional<access::Identity>, Problem> named);
  Result<void, Problem> introduce(Result<std::optional<access::Identity>, Problem> named);
  void on_disconnect();
  void on_event(const socketio::Packet& packet, std::size_t bytes);

  // Commands.
  void run(AckId ack, native::ParsedCommand command);
  void run_later(AckId ack, native::ParsedCommand command);
  void on_reply(AckId ack, Bytes reply);

  void watch_connect();

  const SocketIoEvents& names() const { return worker().settings().socketio.events; }

  EngineSession& session_;
  EventWriter write_;
  std::unique_ptr<socketio::Decoder> decoder_;  // while attachments are missing
  net::TimerId connect_timer_;
  std::uint32_t life_ = 0;  // counts connects: acknowledgements of an earlier one are void
  bool is_connected_ = false;
};

}  // namespace carillon::transport
