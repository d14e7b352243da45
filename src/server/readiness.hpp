// Whether the server really serves: one message published and delivered, on the asking reactor.
#pragma once

#include "cluster/durable/journal.hpp"
#include "hub/subscriber.hpp"
#include "hub/subscription.hpp"
#include "transport/common/exchange.hpp"
#include "transport/common/worker.hpp"

namespace carillon::server {

/// Answers 200 when its own publication has come back, 503 when it has not within 5 seconds.
/// Lifetime: owned by its exchange.
class ReadinessCheck final : public transport::Responder, private hub::Subscriber {
 public:
  /// `journal` may be null.
  ReadinessCheck(transport::Worker& worker, transport::Exchange& exchange,
                 const cluster::durable::Journal* journal);
  ~ReadinessCheck() override;

  void start();

  void on_drained() override {}
  void on_deadline() override;
  void on_shutdown(Duration reconnect_after) override;

 private:
  hub::WireFormId wire_form() const override { return worker_.wire_forms().list_item; }
  void on_delivery(const hub::Delivery& delivery) override;
  void on_gap(hub::SubscriptionId /*subscription*/, const Position& /*position*/) override {}
  bool congested() const override { return false; }

  void publish();
  void answer(int status, Bytes text);

  transport::Worker& worker_;
  transport::Exchange& exchange_;
  const cluster::durable::Journal* journal_;
  std::string channel_;
  std::string token_;  // tells our publication from those of other checks
  hub::SubscriptionId subscription_;
  bool answered_ = false;
};

}  // namespace carillon::server
