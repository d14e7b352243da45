// One subscription as its channel keeps it: small, because there may be a million idle ones.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>

#include "core/position.hpp"
#include "hub/backlog.hpp"
#include "hub/client_id.hpp"
#include "hub/subscriber.hpp"
#include "hub/subscription.hpp"

namespace carillon::hub {

/// A subscribe whose answer is under way.
struct Joining {
  SubscribeRequest request;
  SubscribeCallback callback;
  Subscribed answer;       // as far as it is known
  std::size_t rounds = 0;  // answers that came
};

/// What only few subscriptions have.
struct MemberExtras {
  std::unique_ptr<Joining> joining;
  std::unique_ptr<Backlog> backlog;
  ClientId left_out;  // whose publications it does not hear; none: everyone's are heard
  /// It has everything up to here already, though this reactor's channel has not.
  std::optional<Position> has_until;
  bool hears_no_presence = false;  // in a channel that has it

  bool is_needless() const {
    return !joining && !backlog && !left_out && !has_until && !hears_no_presence;
  }
};

struct Member {
  /// Of a subscription that hears nothing yet: no item is newer.
  static constexpr std::uint64_t kNever = std::numeric_limits<std::uint64_t>::max();

  Subscriber* subscriber = nullptr;
  std::uint64_t joined_sequence = kNever;  // items with a greater sequence number are for it
  std::unique_ptr<MemberExtras> extras;
  SubscriptionId id;
  WireFormId form;

  MemberExtras& ensure_extras() {
    if (!extras) extras = std::make_unique<MemberExtras>();
    return *extras;
  }
  void drop_needless_extras() {
    if (extras && extras->is_needless()) extras.reset();
  }
};

}  // namespace carillon::hub
