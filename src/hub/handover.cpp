#include "hub/handover.hpp"

#include <algorithm>
#include <utility>

#include "hub/delivery.hpp"
#include "hub/local_channel.hpp"

namespace carillon::hub {
namespace {

/// Publications of a backlog handed over in one piece.
constexpr std::size_t kPiece = 64;

/// Whether a reader that has everything up to `has_until` has what is at `position` too.
bool covers(const std::optional<Position>& has_until, const Position& position) {
  return has_until && has_until->epoch == position.epoch && position.offset <= has_until->offset;
}

bool is_meant_for(const Member& member, const Publication& publication) {
  const MemberExtras* const extras = member.extras.get();
  if (extras == nullptr) return true;
  if (publication.change) return !extras->hears_no_presence;
  if (extras->left_out && publication.client == extras->left_out) return false;
  return !(publication.is_kept() && covers(extras->has_until, publication.position));
}

bool is_gap_for(const Member& member, const Batch& batch) {
  if (!batch.gap() || member.joined_sequence >= batch.first_sequence()) return false;
  return !(member.extras && covers(member.extras->has_until, *batch.gap()));
}

/// Whether nothing about the member asks for more than a look at its subscriber.
bool is_plain(const Member& member, const Batch& batch) {
  if (batch.gap() || member.joined_sequence >= batch.first_sequence()) return false;
  if (!member.extras) return true;
  const MemberExtras& extras = *member.extras;
  if (extras.hears_no_presence && batch.has_presence()) return false;
  return !extras.backlog && !extras.has_until &&
         !(extras.left_out && batch.may_be_from(extras.left_out));
}

void choose(const Member& member, const Batch& batch, std::vector<std::size_t>& chosen) {
  chosen.clear();
  for (std::size_t index = 0; index < batch.publications().size(); ++index) {
    if (batch.sequence_of(index) <= member.joined_sequence) continue;
    if (is_meant_for(member, *batch.publications()[index])) chosen.push_back(index);
  }
}

}  // namespace

void Handover::hand(Member& member, Batch& batch, const NamespaceSettings& settings) {
  if (member.joined_sequence >= batch.last_sequence()) return;
  const bool may_wait = settings.outbox_policy != OutboxPolicy::Disconnect;
  if (is_plain(member, batch) && !(may_wait && member.subscriber->congested())) {
    hand_whole(*member.subscriber, member.id, member.form, batch);
  } else {
    hand_with_care(member, batch, settings);
  }
}

Encoding& Handover::encoding_of(Batch& batch, WireFormId form) {
  Encoding& encoding = batch.encoding(form);
  if (!encoding.is_made()) {
    batch.encode(form);
    probe_.encoded(batch.publications().size());
  }
  return encoding;
}

void Handover::hand_whole(Subscriber& subscriber, SubscriptionId id, WireFormId form,
                          Batch& batch) {
  Delivery delivery(batch.publications(), batch.position(), encoding_of(batch, form));
  delivery.address_to(id);
  probe_.delivered(batch.publications().size());
  subscriber.on_delivery(delivery);
}

void Handover::hand_with_care(Member& member, Batch& batch, const NamespaceSettings& settings) {
  std::vector<std::size_t> chosen = std::exchange(spare_chosen_, {});
  choose(member, batch, chosen);
  const Position* const gap = is_gap_for(member, batch) ? &*batch.gap() : nullptr;
  MemberExtras* const extras = member.extras.get();
  if (extras != nullptr && extras->has_until && covers(batch.position(), *extras->has_until)) {
    extras->has_until.reset();  // this reactor's channel has caught up with it
  }
  Subscriber& subscriber = *member.subscriber;
  const SubscriptionId id = member.id;
  const WireFormId form = member.form;
  const bool may_wait = settings.outbox_policy != OutboxPolicy::Disconnect;
  if (may_wait && ((extras != nullptr && extras->backlog) || subscriber.congested())) {
    keep(member, batch, chosen, gap, settings);
  } else {
    member.drop_needless_extras();
    // From the first call on, `member` may be anywhere.
    if (gap != nullptr) tell_gap(subscriber, id, *gap);
    const bool ended = gap != nullptr && places_.find(id.handle) == nullptr;
    if (!ended && !chosen.empty() && chosen.size() == batch.publications().size()) {
      hand_whole(subscriber, id, form, batch);
    } else if (!ended && !chosen.empty()) {
      hand_some(subscriber, id, encoding_of(batch, form), batch, chosen);
    }
  }
  spare_chosen_ = std::move(chosen);
}

void Handover::keep(Member& member, Batch& batch, const std::vector<std::size_t>& chosen,
                    const Position* gap, const NamespaceSettings& settings) {
  if (chosen.empty() && gap == nullptr) return;
  MemberExtras& extras = member.ensure_extras();
  if (!extras.backlog) {
    extras.backlog = std::make_unique<Backlog>(settings.outbox_policy, settings.backlog_bytes,
                                               batch.begin(), probe_.count());
  }
  if (gap != nullptr) extras.backlog->push_gap(*gap);
  if (chosen.empty()) return;
  Encoding& encoding = encoding_of(batch, member.form);
  for (const std::size_t index : chosen) {
    extras.backlog->push(batch.publications()[index], encoding.message(index));
  }
}

void Handover::hand_some(Subscriber& subscriber, SubscriptionId id, Encoding& encoding,
                         const Batch& batch, const std::vector<std::size_t>& chosen) {
  std::vector<PublicationPtr> publications = std::exchange(spare_publications_, {});
  std::vector<SharedBytes> messages = std::exchange(spare_messages_, {});
  for (const std::size_t index : chosen) {
    publications.push_back(batch.publications()[index]);
    messages.push_back(encoding.message(index));
  }
  Delivery delivery(publications, batch.position(), messages);
  delivery.address_to(id);
  probe_.delivered(publications.size());
  subscriber.on_delivery(delivery);
  publications.clear();
  messages.clear();
  spare_publications_ = std::move(publications);
  spare_messages_ = std::move(messages);
}

void Handover::tell_gap(Subscriber& subscriber, SubscriptionId id, const Position& position) {
  probe_.told_gap();
  subscriber.on_gap(id, position);
}

Member* Handover::find(SubscriptionId id) {
  const MemberPlace* const place = places_.find(id.handle);
  return place == nullptr ? nullptr : &place->channel->members().at(place->index);
}

void Handover::drain(SubscriptionId id) {
  for (;;) {
    Member* const member = find(id);
    if (member == nullptr || !member->extras || !member->extras->backlog) return;
    Subscriber& subscriber = *member->subscriber;
    if (subscriber.congested()) return;
    const Backlog::Piece piece = member->extras->backlog->take(kPiece);
    if (member->extras->backlog->is_empty()) {
      member->extras->backlog.reset();
      member->drop_needless_extras();
    }
    if (piece.is_gap) {
      tell_gap(subscriber, id, piece.position);
      continue;
    }
    Delivery delivery(piece.publications, piece.position, piece.messages);
    delivery.address_to(id);
    probe_.delivered(piece.publications.size());
    subscriber.on_delivery(delivery);
  }
}

}  // namespace carillon::hub
