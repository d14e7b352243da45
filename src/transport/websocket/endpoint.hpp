// One WebSocket: commands in, replies and publications out, and the session that holds them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/slot_table.hpp"
#include "hub/session_directory.hpp"
#include "hub/subscriber.hpp"
#include "hub/subscription.hpp"
#include "net/stream.hpp"
#include "protocol/native/parse.hpp"
#include "protocol/native/problem_code.hpp"
#include "protocol/websocket/close.hpp"
#include "protocol/websocket/frame.hpp"
#include "protocol/websocket/keepalive.hpp"
#include "protocol/websocket/receiver.hpp"
#include "transport/common/caller.hpp"
#include "transport/common/probe.hpp"
#include "transport/common/worker.hpp"

namespace carillon::transport {

/// Commands are begun in the order in which they come; those on one channel take effect in it.
/// Lifetime: owned by its stream. Answers that come later find it by its handle.
class WebSocketEndpoint final : public net::StreamHandler,
                                private hub::Subscriber,
                                private hub::SessionHolder,
                                private Drainable {
 public:
  WebSocketEndpoint(Worker& worker, Caller caller);
  ~WebSocketEndpoint() override;

  /// Says `welcome`; before anything else.
  void open(net::Stream& stream);

  void on_bytes(std::span<char> received) override;
  void on_end_of_input() override;
  void on_drained() override;
  void on_deadline() override;
  void on_closed(net::CloseCause cause) override;

 private:
  struct Subscription {
    hub::SubscriptionId id;
    std::string channel;
    std::optional<std::string> asked_by;  // the command's id, until it has been answered
    std::uint32_t weight = 0;             // its part of running_ as long
  };

  // Subscriber, SessionHolder, Drainable.
  hub::WireFormId wire_form() const override { return worker_.wire_forms().text_frame; }
  void on_delivery(const hub::Delivery& delivery) override;
  void on_gap(hub::SubscriptionId subscription, const Position& position) override;
  bool congested() const override { return stream_->congested(); }
  void on_replaced(hub::ClientId client) override;
  void drain(Duration reconnect_after) override;

  // What the peer sends.
  void take(std::span<char> input);
  bool may_take() const;
  void take_unread();
  void resume();
  void resume_soon();
  void on_sign_of_life();
  void on_event(const websocket::Event& event);
  void on_text(Bytes text);
  void on_protocol_error(websocket::ProtocolError error);
  void on_close(const websocket::Close& close);

  // Commands that need the endpoint.
  void run(native::ParsedCommand command);
  void connect(Bytes id, const native::Connect& command);
  void subscribe(std::string id, const native::Subscribe& command);
  Result<void, Problem> may_subscribe(const native::Subscribe& command);
  void on_answer(const std::string& channel, Result<hub::Subscribed, hub::BrokerError> answer);
  void on_subscribed(Bytes id, Bytes channel, const hub::Subscribed& subscribed);
  void unsubscribe(Bytes id, const native::Unsubscribe& command);
  bool fill_channel(Bytes id, std::optional<std::string>& channel);
  void run_later(native::ParsedCommand command);
  void on_reply(Bytes reply, std::uint32_t weight);
  void end_command(std::uint32_t weight);

  // Writing.
  void send_frame(websocket::Opcode opcode, Bytes payload);
  void send_text(Bytes json);
  void send_reply(Bytes json);
  void allow_for(std::size_t bytes);
  void send_publications(std::span<const hub::PublicationPtr> publications);
  void send_gap(Bytes channel, const Position& position);
  void fail(Bytes id, const Problem& problem);
  void limit_outbox();

  // Ends.
  void close(native::ProblemCode code, bool reconnect, Duration wait);
  void send_close(websocket::CloseCode code, Bytes reason);
  void leave();
  bool message_is_late() const;
  void watch_peer();

  Subscription* find(Bytes channel);
  Subscription* find(hub::SubscriptionId id);

  Worker& worker_;
  net::Stream* stream_ = nullptr;
  Caller caller_;
  websocket::Receiver receiver_;
  websocket::Keepalive keepalive_;
  websocket::CloseHandshake close_handshake_;
  std::vector<Subscription> subscriptions_;
  std::string unread_;  // received, not taken yet
  Handle handle_;
  TimePoint partial_since_;      // where a message is half-way
  std::size_t asked_bytes_ = 0;  // of the outbox, at most: replies
  std::uint32_t running_ = 0;    // weight of the commands whose replies are still to come
  bool resuming_ = false;
  OpenCount open_;
};

}  // namespace carillon::transport
