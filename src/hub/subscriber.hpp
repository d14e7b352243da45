// Where deliveries go: what an endpoint of any transport implements.
#pragma once

#include "core/position.hpp"
#include "hub/delivery.hpp"
#include "hub/types.hpp"

namespace carillon::hub {

/// Hears its subscriptions, from `Hub::deliver` and `Hub::on_drained` only, each after its
/// subscribe callback.
///
/// It may subscribe, unsubscribe, publish and destroy itself or others in any of these calls; one
/// that is destroyed has unsubscribed all its subscriptions before.
/// Thread: its reactor's.
class Subscriber {
 public:
  /// Asked once per subscription, when it begins.
  virtual WireFormId wire_form() const = 0;

  virtual void on_delivery(const Delivery& delivery) = 0;

  /// Continuity was lost; what follows is contiguous again, from `position` on.
  virtual void on_gap(SubscriptionId subscription, const Position& position) = 0;

  /// Whether its outbox is so full that it would rather wait. Asked only in channels whose policy
  /// is drop_oldest or conflate; when it no longer is, `Hub::on_drained` wants to be called.
  virtual bool congested() const = 0;

 protected:
  ~Subscriber() = default;
};

}  // namespace carillon::hub
