// A Socket.IO client on channels, with no handler of anybody's: events are commands, publications
// are events.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "hub/session_directory.hpp"
#include "hub/subscriber.hpp"
#include "hub/subscription.hpp"
#include "protocol/native/parse.hpp"
#include "protocol/socketio/decoder.hpp"
#include "transport/common/caller.hpp"
#include "transport/common/endpoint.hpp"
#include "transport/common/limiter.hpp"
#include "transport/common/worker.hpp"
#include "transport/socketio/engine_session.hpp"
#include "transport/socketio/event_writer.hpp"

namespace carillon::transport {

/// The main Socket.IO namespace is the only one. Commands are begun in the order in which they
/// come; those on one channel take effect in it.
/// Lifetime: owned by its session.
class ChannelSocket final : public EngineApplication,
                            private hub::Subscriber,
                            private hub::SessionHolder,
                            private Endpoint {
 public:
  ChannelSocket(EngineSession& session, Caller caller, std::unique_ptr<Seat> seat);
  ~ChannelSocket() override;

 private:
  /// A command that has not been answered yet.
  struct Asking {
    AckId ack;
    std::uint32_t weight = 0;  // its part of running_
  };
  struct Subscription {
    hub::SubscriptionId id;
    std::string channel;
    std::unique_ptr<Asking> asking;  // null once it has begun
    bool is_servers = false;         // made by a back end, whatever the token says
  };
  enum class Maker : bool { Client, Server };

  // EngineApplication.
  void on_message(engineio::DataKind kind, Bytes data) override;
  void on_writable() override;
  void on_slow() override;
  void on_drain(Duration reconnect_after) override;
  void on_closed(engineio::CloseReason reason) override;
  bool has_room() const override;
  Endpoint* endpoint() override { return is_connected_ ? this : nullptr; }

  // Endpoint.
  TransportKind transport() const override { return TransportKind::SocketIo; }
  const access::Identity& identity() const override { return caller_.identity; }
  hub::ClientId client() const override { return caller_.client; }
  Timestamp opened_at() const override { return timestamp_of(opened_s_); }
  std::vector<Bytes> channels() const override;
  void expel(native::ProblemCode code, bool reconnect) override;
  bool add_channel(Bytes channel) override;
  bool remove_channel(Bytes channel) override;

  // Subscriber, SessionHolder.
  hub::WireFormId wire_form() const override { return worker().wire_forms().socketio; }
  void on_delivery(const hub::Delivery& delivery) override;
  void on_gap(hub::SubscriptionId subscription, const Position& position) override;
  bool congested() const override { return session_.congested(); }
  void on_replaced(hub::ClientId client) override;

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
  void fail(AckId ack, const Problem& problem);
  Result<void, Problem> admit(std::size_t bytes);
  void spend_itself();
  void run(AckId ack, native::ParsedCommand command);
  void run_later(AckId ack, native::ParsedCommand command);
  void on_reply(AckId ack, Bytes reply);
  void end_command(std::uint32_t weight);
  void join();
  void subscribe(AckId ack, const native::Subscribe& command);
  Result<void, Problem> may_subscribe(const native::Subscribe& command);
  void begin_subscription(AckId ack, const native::Subscribe& command, Maker maker);
  void on_answer(const std::string& channel, Result<hub::Subscribed, hub::BrokerError> answer);
  void on_subscribed(AckId ack, Bytes channel, const hub::Subscribed& subscribed);
  void unsubscribe(AckId ack, const native::Unsubscribe& command);
  void end_subscription(Subscription& subscription);

  // Ends.
  void cut_if_over();
  void close(native::ProblemCode code, bool reconnect, Duration wait);
  void leave();
  void watch_connect();
  void watch_expiry();

  Worker& worker() const { return session_.worker(); }
  const SocketIoEvents& names() const { return worker().settings().socketio.events; }
  Subscription* find(Bytes channel);
  Subscription* find(hub::SubscriptionId id);

  EngineSession& session_;
  EventWriter write_;
  Caller caller_;
  std::vector<Subscription> subscriptions_;
  std::unique_ptr<Seat> seat_;                  // null where nothing is counted
  std::unique_ptr<Spending> spending_;          // null until something is spent
  std::unique_ptr<socketio::Decoder> decoder_;  // while attachments are missing
  net::TimerId timer_;         // of the time to connect, then of the caller's token
  std::uint32_t opened_s_;     // since 1970
  std::uint32_t running_ = 0;  // weight of the commands whose replies are still to come
  std::uint32_t life_ = 0;     // counts connects: acknowledgements of an earlier one are void
  bool is_connected_ = false;
};

}  // namespace carillon::transport
