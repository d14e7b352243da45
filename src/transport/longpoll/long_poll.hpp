// Long polling: a request that stays open until its channels have something new.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "hub/subscriber.hpp"
#include "hub/subscription.hpp"
#include "transport/common/caller.hpp"
#include "transport/common/endpoint.hpp"
#include "transport/common/exchange.hpp"
#include "transport/common/limiter.hpp"
#include "transport/common/memberships.hpp"
#include "transport/common/page_merge.hpp"
#include "transport/common/probe.hpp"
#include "transport/common/problem.hpp"
#include "transport/common/router.hpp"
#include "transport/common/worker.hpp"

namespace carillon::transport {

/// What a long poll asks for.
struct LongPollRequest {
  std::vector<std::string> channels;
  std::string cookie_name;     // of their positions
  native::PositionList after;  // empty entries: from now
  std::chrono::seconds longest_wait{0};
  access::Identity identity;
  hub::ClientId client;
  TimePoint expires = TimePoint::max();  // it is answered by then
  /// Positions of a cookie are a guess of ours: they never end in 410 (docs/protocol.md §2).
  bool positions_are_guessed = false;
};

/// One parked request: a one-shot subscription to each of its channels. It needs no thread, and
/// no timer beyond the connection's own.
/// Lifetime: owned by its exchange.
class LongPoll final : public Responder, private hub::Subscriber, private Endpoint {
 public:
  LongPoll(Worker& worker, Exchange& exchange, LongPollRequest request, std::unique_ptr<Seat> seat);
  ~LongPoll() override;

  /// Subscribes; answers at once if there is something.
  void start();

  void on_drained() override {}
  void on_deadline() override { finish(); }
  void on_shutdown(Duration reconnect_after) override;
  bool on_end_of_input() override;
  Endpoint* endpoint() override { return answered_ ? nullptr : this; }

 private:
  // Endpoint.
  TransportKind transport() const override { return TransportKind::LongPoll; }
  const access::Identity& identity() const override { return request_.identity; }
  hub::ClientId client() const override { return request_.client; }
  Timestamp opened_at() const override { return timestamp_of(opened_s_); }
  std::vector<Bytes> channels() const override;
  void expel(native::ProblemCode code, bool reconnect) override;

  // Subscriber.
  hub::WireFormId wire_form() const override { return worker_.wire_forms().list_item; }
  void on_delivery(const hub::Delivery& delivery) override;
  void on_gap(hub::SubscriptionId subscription, const Position& position) override;
  bool congested() const override { return false; }

  void attend();
  void subscribe(std::size_t index);
  void on_subscribed(std::size_t index, Result<hub::Subscribed, hub::BrokerError> result);
  void on_broken(std::size_t index, const hub::Subscribed& subscribed);
  std::size_t index_of(hub::SubscriptionId subscription) const;
  void leave();
  void finish();
  void answer();
  void answer_if_due();
  Response list_response();
  void refuse(const Problem& problem);

  Worker& worker_;
  Exchange& exchange_;
  LongPollRequest request_;
  std::unique_ptr<Seat> seat_;  // null where nothing is counted
  std::vector<hub::SubscriptionId> subscriptions_;
  std::unique_ptr<Memberships> memberships_;  // null where its client is in none
  std::vector<ChannelPart> parts_;
  std::string items_;  // what came while parked, encoded for all polls at once: one channel only
  std::size_t unanswered_ = 0;  // subscriptions whose start is not known yet
  std::uint32_t opened_s_;      // since 1970
  bool found_ = false;
  bool over_ = false;  // its time has passed, or the server stops
  bool gap_ = false;
  bool answered_ = false;
  OpenCount open_;
};

/// `GET /api/messages/subscribe` (docs/protocol.md §2).
void serve_long_poll(Worker& worker, Exchange& exchange);

void add_long_poll_routes(Router& router);

}  // namespace carillon::transport
