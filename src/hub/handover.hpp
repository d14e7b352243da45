// The last step to one subscriber: the whole batch as everybody gets it, or what of it is meant
// for this one, now or once it is no longer congested.
#pragma once

#include <cstddef>
#include <vector>

#include "hub/batch.hpp"
#include "hub/member_list.hpp"
#include "hub/namespace_settings.hpp"
#include "hub/probe.hpp"

namespace carillon::hub {

class Handover {
 public:
  /// Lifetime: both outlive it.
  Handover(MemberPlaces& places, Probe& probe) : places_(places), probe_(probe) {}

  /// Lifetime: the member may be gone or elsewhere afterwards.
  void hand(Member& member, Batch& batch, const NamespaceSettings& settings);

  /// Hands over the backlog of a subscription until its subscriber is congested again. Quiet when
  /// there is none.
  void drain(SubscriptionId id);

 private:
  void hand_whole(Subscriber& subscriber, SubscriptionId id, WireFormId form, Batch& batch);
  void hand_with_care(Member& member, Batch& batch, const NamespaceSettings& settings);
  void hand_some(Subscriber& subscriber, SubscriptionId id, Encoding& encoding, const Batch& batch,
                 const std::vector<std::size_t>& chosen);
  void keep(Member& member, Batch& batch, const std::vector<std::size_t>& chosen,
            const Position* gap, const NamespaceSettings& settings);
  void tell_gap(Subscriber& subscriber, SubscriptionId id, const Position& position);
  Encoding& encoding_of(Batch& batch, WireFormId form);
  Member* find(SubscriptionId id);

  MemberPlaces& places_;
  Probe& probe_;
  // Buffers between uses; taken out while in use, as a subscriber may cause the next use.
  std::vector<std::size_t> spare_chosen_;
  std::vector<PublicationPtr> spare_publications_;
  std::vector<SharedBytes> spare_messages_;
};

}  // namespace carillon::hub
