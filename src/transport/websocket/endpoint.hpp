// One WebSocket: commands in, replies and publications out, and the session that holds them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "hub/session_directory.hpp"
#include "hub/subscriber.hpp"
#include "hub/subscription.hpp"
#include "protocol/native/parse.hpp"
#include "protocol/native/problem_code.hpp"
#include "protocol/websocket/handshake.hpp"
#include "transport/common/caller.hpp"
#include "transport/common/endpoint.hpp"
#include "transport/common/limiter.hpp"
#include "transport/common/memberships.hpp"
#include "transport/common/worker.hpp"
#include "transport/websocket/connection.hpp"
#include "transport/websocket/wire_form.hpp"

namespace carillon::transport {

/// The subprotocol of CBOR in binary messages; any other, and none, is JSON in text messages.
inline constexpr std::string_view kCborSubprotocol = "carillon.cbor";

/// Commands are begun in the order in which they come; those on one channel take effect in it.
/// Lifetime: owned by its stream. Answers that come later find it by its handle.
class WebSocketEndpoint final : public WebSocketConnection,
                                private hub::Subscriber,
                                private hub::SessionHolder,
                                private Endpoint {
 public:
  /// Speaks CBOR and compresses as the handshake has agreed.
  WebSocketEndpoint(Worker& worker, Caller caller, std::unique_ptr<Seat> seat,
                    const websocket::Accept& accept);
  ~WebSocketEndpoint() override;

  /// Says `welcome`; before anything else.
  void open(net::ByteStream& stream);

 private:
  /// Commands of one endpoint whose replies are still to come; then reading pauses.
  static constexpr std::uint32_t kRunningCommands = 1024;

  /// What a command counts that is answered with a page: more than eight must not be on their way.
  static constexpr std::uint32_t kPageWeight = kRunningCommands / 8;

  /// A command that has not been answered yet.
  struct Asking {
    std::string id;            // the command's
    std::uint32_t weight = 0;  // its part of running_
  };
  struct Subscription {
    hub::SubscriptionId id;
    std::string channel;
    std::unique_ptr<Asking> asking;  // null once it has begun
    bool is_servers = false;         // made by a back end, whatever the token says
    bool is_own = false;             // to the client's own channel, without having been asked to
  };
  enum class Maker : std::uint8_t {
    Client,
    Server,    // a back end
    Endpoint,  // itself, for the client's own channel
  };

  // WebSocketConnection.
  void on_message(const websocket::Message& message) override;
  void on_writable() override;
  void give_up(GiveUp why) override;
  void on_closing() override { leave(); }
  void on_goodbye() override;
  websocket::KeepaliveLimits keepalive_limits() const override;
  bool has_room() const override;
  void drain(Duration reconnect_after) override;
  Endpoint* endpoint() override { return is_open() ? this : nullptr; }

  // Endpoint.
  TransportKind transport() const override { return TransportKind::WebSocket; }
  const access::Identity& identity() const override { return caller_.identity; }
  hub::ClientId client() const override { return caller_.client; }
  Timestamp opened_at() const override { return timestamp_of(opened_s_); }
  std::vector<Bytes> channels() const override;
  void expel(native::ProblemCode code, bool reconnect) override;
  bool add_channel(Bytes channel) override;
  bool remove_channel(Bytes channel) override;

  // Subscriber, SessionHolder.
  hub::WireFormId wire_form() const override { return form().id(worker().wire_forms()); }
  void on_delivery(const hub::Delivery& delivery) override;
  void on_gap(hub::SubscriptionId subscription, const Position& position) override;
  bool congested() const override { return is_full(); }
  void on_replaced(hub::ClientId client) override;

  // Commands that need the endpoint.
  static std::uint32_t weight_of(const native::Command& command);
  void run(native::ParsedCommand command);
  void connect(std::string id, native::Connect command);
  void on_named(Bytes id, const native::Connect& command,
                Result<std::optional<access::Identity>, Problem> named);
  Result<void, Problem> admit(std::size_t bytes);
  void spend_itself();
  void join();
  void subscribe(std::string id, const native::Subscribe& command);
  void begin_subscription(std::string id, const native::Subscribe& command, Maker maker);
  Result<void, Problem> may_keep_subscriptions(const Caller& caller);
  Result<void, Problem> may_subscribe(const native::Subscribe& command);
  void on_answer(const std::string& channel, Result<hub::Subscribed, hub::BrokerError> answer);
  void on_subscribed(Bytes id, Bytes channel, const hub::Subscribed& subscribed);
  void unsubscribe(Bytes id, const native::Unsubscribe& command);
  void end_subscription(Subscription& subscription);
  bool fill_channel(Bytes id, std::optional<std::string>& channel);
  void run_later(native::ParsedCommand command);

  // The client's presence in its channels, and the channel of its own.
  void attend(Bytes channel);
  void attend_as(const Caller& before);
  void hear_own_channel();
  Compress compression_of_reply(const native::Command& command) const;
  void on_reply(Bytes reply, std::uint32_t weight, Compress compress);
  void end_command(std::uint32_t weight);

  // Writing.
  void send_news(Bytes object);
  void send_reply(Bytes object, Compress compress = Compress::IfSmaller);
  void send_publications(std::span<const hub::PublicationPtr> publications);
  void send_gap(Bytes channel, const Position& position);
  void fail(Bytes id, const Problem& problem);

  // Ends.
  void cut_if_over();
  void close(native::ProblemCode code, bool reconnect, Duration wait);
  void part(hub::LeaveCause cause, Duration patience);
  void leave();
  void watch_expiry();

  FrameForm form() const { return {.encoding = encoding_, .window_bits = deflate_window_bits()}; }
  Subscription* find(Bytes channel);
  Subscription* find(hub::SubscriptionId id);

  Caller caller_;
  native::Encoding encoding_;
  std::uint32_t opened_s_;  // since 1970
  std::vector<Subscription> subscriptions_;
  std::unique_ptr<Memberships> memberships_;  // null where it has never been in any
  std::unique_ptr<Seat> seat_;                // null where nothing is counted
  std::unique_ptr<Spending> spending_;        // null until something is spent
  net::TimerId expiry_;                       // of the caller's token
  std::uint32_t running_ = 0;  // weight of the commands whose replies are still to come
};

}  // namespace carillon::transport
