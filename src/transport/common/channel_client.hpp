// A client that stays, and says by commands which channels it wants to hear: who it is, what it
// hears, where it is present and how much it may do, over whichever transport.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "hub/session_directory.hpp"
#include "hub/subscriber.hpp"
#include "hub/subscription.hpp"
#include "net/timer_wheel.hpp"
#include "protocol/native/command.hpp"
#include "protocol/native/message.hpp"
#include "protocol/native/problem_code.hpp"
#include "transport/common/caller.hpp"
#include "transport/common/endpoint.hpp"
#include "transport/common/limiter.hpp"
#include "transport/common/memberships.hpp"
#include "transport/common/worker.hpp"

namespace carillon::transport {

/// Endpoints derive from it, and word what the client is told. Commands are begun in the order in
/// which they come; those on one channel take effect in it.
/// Thread: its reactor's.
class ChannelClient : private hub::Subscriber, private hub::SessionHolder, protected Endpoint {
 public:
  ChannelClient(const ChannelClient&) = delete;
  ChannelClient& operator=(const ChannelClient&) = delete;

 protected:
  /// Names the command that a reply belongs to; empty: success is not told, or as news.
  using Asker = std::string;

  ChannelClient(Worker& worker, Caller caller, std::unique_ptr<Seat> seat);
  ~ChannelClient();

  // What the endpoint is asked, and has to say.

  /// Whether the client hears what it is told, and may have subscriptions.
  virtual bool is_here() const = 0;
  virtual void say_done(const Asker& asker) = 0;
  virtual void say_failure(const Asker& asker, const Problem& problem) = 0;
  virtual void say_subscribed(const Asker& asker, const native::Subscribed& subscribed) = 0;
  virtual void say_unsubscribed(Bytes channel) = 0;
  virtual void say_publications(std::span<const hub::PublicationPtr> publications) = 0;
  virtual void say_gap(Bytes channel, const Position& position) = 0;
  /// Tells why, and ends the endpoint. It calls part_for() before.
  virtual void close(native::ProblemCode code, bool reconnect, Duration wait) = 0;
  /// There is room for commands again.
  virtual void resume_reading() = 0;
  /// It is present somewhere from now on: its silence must show within the lease.
  virtual void on_presence() {}

  // Who it is.

  Worker& worker() const { return worker_; }
  const Caller& caller() const { return caller_; }
  hub::SessionHolder& holder() { return *this; }
  /// A seat for who it becomes, where it had no name before; null: none is needed.
  /// Errors: TooManyConnections, as of take_seat().
  Result<std::unique_ptr<Seat>, Problem> seat_for(const Caller& next);
  /// In the channels where it is it stays, whoever it has become.
  void become(Caller next, std::unique_ptr<Seat> seat);
  /// Ends it when its token does.
  void watch_expiry();

  // How much it may do.

  /// Commands whose replies are still to come; then the client's messages wait.
  static constexpr std::uint32_t kRunningCommands = 1024;
  /// What is answered with a page: more than eight must not be on their way.
  static constexpr std::uint32_t kPageWeight = kRunningCommands / 8;
  static std::uint32_t weight_of(const native::Command& command);
  bool has_room_for_commands() const { return running_ < kRunningCommands; }
  void begin_command(std::uint32_t weight) { running_ += weight; }
  void end_command(std::uint32_t weight);
  /// Of a message of so many octets. Errors: RateLimited.
  Result<void, Problem> admit(std::size_t bytes);
  /// A client that goes on after it was told so often is told once more, and cut.
  void cut_if_over();
  /// Counts and tells it.
  void fail(const Asker& asker, const Problem& problem);

  // What it hears.

  void subscribe(Asker asker, const native::Subscribe& command);
  void unsubscribe(const Asker& asker, const native::Unsubscribe& command);
  /// Subscribes to what the token joins, as the client would without an asker.
  void join();
  /// A new token must not leave the client with what it does not allow, and no back end has given.
  Result<void, Problem> may_keep_subscriptions(const Caller& caller);
  /// Empty unless it has asked for exactly one.
  std::optional<Bytes> only_channel() const;
  /// Its outbox takes more again.
  void tell_drained();

  // Where it is present (docs/protocol.md §5).

  bool is_present() const { return memberships_ && !memberships_->is_empty(); }
  /// Of the lease: for the silence before the client is asked for a sign of life, for its answer,
  /// and for its return.
  Duration lease_part() const;
  /// It has vanished, which showed after so long: what is left of the lease is all that it is
  /// waited for.
  void part_as_lost(Duration silence);
  void part(hub::LeaveCause cause, Duration patience = Duration::zero());
  /// It is ended for that: for good, or it may come back within the lease.
  void part_for(native::ProblemCode code, bool reconnect);

  /// Of everything that it hears, and of its session. It may come more than once.
  void leave();

  // Endpoint.
  std::vector<Bytes> channels() const final;

 private:
  /// A command that has not been answered yet.
  struct Asking {
    Asker asker;
    std::uint32_t weight = 0;  // its part of running_
  };
  enum class Maker : std::uint8_t {
    Client,
    BackEnd,   // whatever the token says
    Endpoint,  // to the client's own channel, without having been asked to
  };
  struct Subscription {
    hub::SubscriptionId id;
    std::string channel;
    std::unique_ptr<Asking> asking;  // null once it has begun
    Maker maker = Maker::Client;
  };

  // Endpoint.
  const access::Identity& identity() const final { return caller_.identity; }
  hub::ClientId client() const final { return caller_.client; }
  Timestamp opened_at() const final { return timestamp_of(opened_s_); }
  void expel(native::ProblemCode code, bool reconnect) final;
  bool add_channel(Bytes channel) final;
  bool remove_channel(Bytes channel) final;

  // Subscriber, SessionHolder.
  void on_gap(hub::SubscriptionId subscription, const Position& position) final;
  void on_replaced(hub::ClientId client) final;

  void spend_itself();
  bool has_too_many() const;
  Result<void, Problem> may_subscribe(const native::Subscribe& command);
  void begin_subscription(Asker asker, const native::Subscribe& command, Maker maker);
  void on_answer(const std::string& channel, Result<hub::Subscribed, hub::BrokerError> answer);
  void on_subscribed(const Asker& asker, Bytes channel, const hub::Subscribed& subscribed);
  void end_subscription(Subscription& subscription, hub::LeaveCause cause = hub::LeaveCause::Left);
  void attend(Bytes channel);
  void attend_as(const Caller& before);
  void hear_own_channel();
  Subscription* find(Bytes channel);
  Subscription* find(hub::SubscriptionId id);

  Worker& worker_;
  Caller caller_;
  std::vector<Subscription> subscriptions_;
  std::unique_ptr<Memberships> memberships_;  // null where it has never been in any
  std::unique_ptr<Seat> seat_;                // null where nothing is counted
  std::unique_ptr<Spending> spending_;        // null until something is spent
  net::TimerId expiry_;                       // of the caller's token
  std::uint32_t opened_s_;                    // since 1970
  std::uint32_t running_ = 0;  // weight of the commands whose replies are still to come
};

}  // namespace carillon::transport
