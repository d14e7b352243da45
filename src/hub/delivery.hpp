// What a subscriber is handed: publications and their encoded octets, shared with all others.
#pragma once

#include <cstddef>
#include <span>

#include "core/position.hpp"
#include "core/shared_bytes.hpp"
#include "hub/types.hpp"

namespace carillon::hub {

class Encoding;

/// Publications of one channel for one subscription, in order, in the subscriber's wire form.
/// Lifetime: valid during the call it is passed to; SharedBytes may be kept by copying them.
class Delivery {
 public:
  /// All of a batch, as most subscribers receive it.
  Delivery(std::span<const PublicationPtr> publications, const Position& position,
           Encoding& encoding)
      : publications_(publications), position_(&position), encoding_(&encoding) {}
  /// Some of it: `messages` are the encoded publications, one each.
  Delivery(std::span<const PublicationPtr> publications, const Position& position,
           std::span<const SharedBytes> messages)
      : publications_(publications), position_(&position), messages_(messages) {}

  SubscriptionId subscription() const { return subscription_; }
  /// Never empty; kept and ephemeral ones in the order of the channel.
  std::span<const PublicationPtr> publications() const { return publications_; }
  /// Where the subscription stands after this delivery.
  const Position& position() const { return *position_; }

  /// Whether `bytes()` is there: all messages in one buffer that others share.
  bool is_whole() const { return encoding_ != nullptr; }
  /// All messages in one buffer; only where `is_whole()`.
  const SharedBytes& bytes() const;
  /// The octets of publication `index` alone.
  const SharedBytes& bytes(std::size_t index) const;

  /// For whom one buffer is as good as many: calls `take(const SharedBytes&)` for the whole, or
  /// for each message where there is no whole.
  template <class Take>
  void for_each_piece(Take take) const {
    if (is_whole()) return take(bytes());
    for (const SharedBytes& message : messages_) take(message);
  }

  /// For the hub: the same delivery to the next subscription.
  void address_to(SubscriptionId subscription) { subscription_ = subscription; }

 private:
  std::span<const PublicationPtr> publications_;
  const Position* position_;
  Encoding* encoding_ = nullptr;
  std::span<const SharedBytes> messages_;
  SubscriptionId subscription_;
};

}  // namespace carillon::hub
