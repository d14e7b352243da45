#include "cluster/memory_broker.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "hub/channel_listing.hpp"

namespace carillon::cluster {
namespace {

using hub::BrokerError;
using hub::Receipt;

}  // namespace

Origin Origin::random(Timestamp now) {
  return {.fresh = {.epoch = Epoch::random(), .last_offset = 0, .last_timestamp = now},
          .keys = DigestKeys::random()};
}

MemoryBroker::MemoryBroker(const MemoryBrokerParts& parts)
    : MemoryBroker(parts, parts.origin ? *parts.origin : Origin::random(parts.clock.now())) {}

MemoryBroker::MemoryBroker(const MemoryBrokerParts& parts, const Origin& origin)
    : parts_(parts),
      channels_(parts.namespaces, parts.budget, parts.probe, origin.fresh),
      dedupe_(parts.budget, parts.probe, origin.keys) {}

void MemoryBroker::publish(hub::PublishRequest request, hub::Completion<Receipt> done) {
  done(publish_now(std::move(request)));
}

Result<Receipt, BrokerError> MemoryBroker::publish_now(hub::PublishRequest request) {
  const std::optional<DedupeTicket> its_ticket = ticket(request);
  std::variant<Receipt, Numbered> outcome = TRY(number(std::move(request), its_ticket));
  if (const Receipt* const first = std::get_if<Receipt>(&outcome)) return *first;
  return keep(std::get<Numbered>(std::move(outcome)));
}

std::optional<DedupeTicket> MemoryBroker::ticket(const hub::PublishRequest& request) const {
  if (request.dedupe.key.empty()) return std::nullopt;
  return dedupe_.ticket(request);
}

Result<std::variant<Receipt, Numbered>, BrokerError> MemoryBroker::number(
    hub::PublishRequest request, const std::optional<DedupeTicket>& ticket) {
  const Timestamp now = parts_.clock.now();
  if (ticket) {
    const FirstReceipt first = TRY(look_up_receipt(*ticket, now));
    if (first) return *first;
  }
  Channel* const channel = channels_.admit(request.draft.channel, now);
  if (channel == nullptr) return std::unexpected(BrokerError::TooManyChannels);
  Numbered numbered{
      .channel = channel,
      .publication = hub::make_publication(std::move(request.draft), hub::PublicationKind::Kept,
                                           channel->next_position(), channel->next_timestamp(now)),
      .ticket = ticket};
  channels_.hold(*channel, numbered.publication->timestamp);
  return numbered;
}

Receipt MemoryBroker::keep(Numbered numbered) {
  Channel& channel = *numbered.channel;
  const Receipt receipt = numbered.receipt();
  const Timestamp now = parts_.clock.now();
  channels_.append(channel, numbered.publication, now);
  channels_.release(channel);
  if (numbered.ticket) dedupe_.remember(*numbered.ticket, channel.name, receipt, now);
  ++parts_.probe.count().publications;
  if (channel.is_subscribed) listener_->on_publication(numbered.publication);
  return receipt;
}

void MemoryBroker::give_up(const Numbered& numbered) {
  channels_.release(*numbered.channel);
}

Result<std::optional<Receipt>, BrokerError> MemoryBroker::look_up_receipt(
    const DedupeTicket& ticket, Timestamp now) {
  Result<std::optional<Receipt>, BrokerError> first = dedupe_.look_up(ticket, now);
  if (!first) {
    ++parts_.probe.count().dedupe_mismatches;
  } else if (*first) {
    ++parts_.probe.count().duplicates;
  }
  return first;
}

void MemoryBroker::publish_ephemeral(hub::PublicationDraft draft, hub::Completion<void> done) {
  ++parts_.probe.count().ephemerals;
  const Timestamp now = parts_.clock.now();
  const Channel* const channel = channels_.find(draft.channel, now);
  if (channel != nullptr && channel->is_subscribed) {
    listener_->on_publication(hub::make_publication(
        std::move(draft), hub::PublicationKind::Ephemeral, channel->log.top(), now));
  }
  done({});
}

void MemoryBroker::read(hub::ReadRequest request, hub::Completion<hub::Page> done) {
  const Timestamp now = parts_.clock.now();
  const Channel* const channel = channels_.find(request.channel, now);
  if (channel != nullptr) return done(channel->log.read(request.start, request.limit));
  const ChannelLog empty(channels_.look_up(request.channel, now));
  done(empty.read(request.start, request.limit));
}

void MemoryBroker::subscribe(hub::ReadRequest request, hub::Completion<hub::Page> done) {
  const Channel& channel = channels_.subscribe(request.channel, parts_.clock.now());
  done(channel.log.read(request.start, request.limit));
}

void MemoryBroker::unsubscribe(Bytes channel) {
  channels_.unsubscribe(channel, parts_.clock.now());
}

void MemoryBroker::delete_history(std::string channel, hub::Completion<Position> done) {
  const Position top = top_of(channel);
  delete_up_to(channel, top);
  done(top);
}

Position MemoryBroker::top_of(Bytes channel) {
  const Timestamp now = parts_.clock.now();
  const Channel* const alive = channels_.find(channel, now);
  if (alive == nullptr) return ChannelLog(channels_.look_up(channel, now)).top();
  Position top = alive->next_position();
  --top.offset;
  return top;
}

void MemoryBroker::delete_up_to(Bytes channel, const Position& position) {
  channels_.delete_up_to(channel, position);
}

void MemoryBroker::list_channels(hub::ListRequest request, hub::Completion<hub::ChannelList> done) {
  hub::ChannelList list;
  channels_.for_each([&](const Channel& channel) {
    if (!hub::is_asked_for(request, channel.name)) return;
    list.channels.push_back({.name = channel.name,
                             .top = channel.log.top(),
                             .publication_count = channel.log.size(),
                             .history_bytes = channel.log.bytes()});
  });
  hub::sort_and_cut(list, request.limit);
  done(std::move(list));
}

void MemoryBroker::on_time() {
  const Timestamp now = parts_.clock.now();
  channels_.on_time(now, limits::kSweptChannels);
  dedupe_.on_time(now, limits::kSweptKeys);
}

}  // namespace carillon::cluster
