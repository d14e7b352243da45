// Server-Sent Events: one response that never ends, over one or many channels, with an `id:`
// that resumes them all.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "hub/subscriber.hpp"
#include "hub/subscription.hpp"
#include "protocol/native/position_list.hpp"
#include "protocol/native/problem_code.hpp"
#include "transport/common/caller.hpp"
#include "transport/common/endpoint.hpp"
#include "transport/common/exchange.hpp"
#include "transport/common/limiter.hpp"
#include "transport/common/memberships.hpp"
#include "transport/common/probe.hpp"
#include "transport/common/router.hpp"
#include "transport/common/worker.hpp"

namespace carillon::transport {

/// One reader. It begins with all its channels at once: their starts are collected, then told in
/// one `position` event, then what was missed in all of them by time, then live ones.
/// Lifetime: owned by its exchange.
class EventStream final : public Responder, private hub::Subscriber, private Endpoint {
 public:
  /// What the request says.
  struct Wish {
    std::vector<std::string> channels;
    native::PositionList positions;
    std::chrono::milliseconds pace{0};  // at least so long between two bursts; 0: none
  };

  /// It ends with the token of `caller`.
  EventStream(Worker& worker, Exchange& exchange, Wish wish, const Caller& caller,
              std::unique_ptr<Seat> seat);
  ~EventStream() override;

  /// Sends the head and subscribes.
  void start();

  void on_drained() override;
  void on_deadline() override;
  void on_shutdown(Duration reconnect_after) override;
  Endpoint* endpoint() override { return phase_ == Phase::Ended ? nullptr : this; }

 private:
  enum class Phase : std::uint8_t {
    Starting,  // some channels have not answered; nothing but the head has been sent
    Live,
    Ended,
  };
  /// Of a reader with a pace of its own: while it rests it counts as congested.
  enum class Rest : std::uint8_t { None, Due, Resting };
  struct Channel {
    std::string name;
    hub::SubscriptionId subscription;
    hub::Hearing hearing = hub::Hearing::Messages;
    bool contiguous = true;
    bool catching_up = false;  // more was missed than is sent at once; it is not subscribed
  };

  /// What is collected while Starting.
  struct Beginning {
    std::vector<hub::Subscribed> answers;    // by channel
    std::vector<hub::PublicationPtr> early;  // delivered before all channels have answered
    std::size_t early_bytes = 0;
    std::size_t unanswered = 0;
  };

  // Endpoint.
  TransportKind transport() const override { return TransportKind::Sse; }
  const access::Identity& identity() const override { return identity_; }
  hub::ClientId client() const override { return client_; }
  Timestamp opened_at() const override { return timestamp_of(opened_s_); }
  std::vector<Bytes> channels() const override;
  void expel(native::ProblemCode code, bool reconnect) override;

  // Subscriber.
  hub::WireFormId wire_form() const override;
  void on_delivery(const hub::Delivery& delivery) override;
  void on_gap(hub::SubscriptionId subscription, const Position& position) override;
  bool congested() const override {
    return rest_ == Rest::Resting || full_ || exchange_.congested();
  }

  void subscribe(std::size_t index);
  void on_subscribed(std::size_t index, Result<hub::Subscribed, hub::BrokerError> result);
  void on_first_answer(std::size_t index, hub::Subscribed subscribed);
  void on_next_answer(std::size_t index, const hub::Subscribed& subscribed);
  void begin();
  void attend();
  void catch_up();

  void send_missed(std::span<const hub::PublicationPtr> missed);
  void send_early(std::span<const hub::PublicationPtr> early);
  void append(std::string& out, const hub::Publication& publication);
  void send_gap(std::size_t index, const Position& position);
  void send_position_event(bool recovered);
  void send(Bytes text) { exchange_.write(SharedBytes(text)); }
  void limit_outbox();
  void look_after_flush();
  void on_flushed();
  void rest_after_tick();
  void on_rest(Rest rest);
  void wake_within(Duration time);
  void end(native::ProblemCode code, bool reconnect, Duration wait);
  void leave();
  Duration heartbeat() const;
  /// What may wait before anything but news is sent.
  std::size_t room_bytes() const { return worker_.settings().stream.outbox_bytes / 2; }

  bool is_single() const { return channels_.size() == 1; }
  std::size_t index_of(hub::SubscriptionId subscription) const;
  Channel& channel_of(const hub::Publication& publication);
  template <class Act>
  net::Task task(Act act) const;

  Worker& worker_;
  Exchange& exchange_;
  std::vector<Channel> channels_;
  native::PositionList positions_;            // after what has been sent
  std::unique_ptr<Beginning> beginning_;      // while Starting
  std::unique_ptr<Memberships> memberships_;  // null where its client is in none
  access::Identity identity_;
  hub::ClientId client_;
  std::unique_ptr<Seat> seat_;  // null where nothing is counted
  std::uint32_t opened_s_;      // since 1970
  std::uint32_t pace_ms_;
  Phase phase_ = Phase::Starting;
  Rest rest_ = Rest::None;
  bool full_ = false;   // of what the kernel has not been offered yet
  bool asked_ = false;  // for the next slice of what was missed
  OpenCount open_;
};

/// `GET /api/events` (docs/protocol.md §2).
void serve_events(Worker& worker, Exchange& exchange);

void add_event_routes(Router& router);

}  // namespace carillon::transport
