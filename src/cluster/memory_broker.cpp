#include "cluster/memory_broker.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "cluster/channel_store.hpp"
#include "cluster/dedupe_window.hpp"
#include "hub/channel_listing.hpp"

namespace carillon::cluster {
namespace {

using hub::BrokerError;
using hub::Receipt;

}  // namespace

MemoryBroker::MemoryBroker(const MemoryBrokerParts& parts)
    : parts_(parts),
      channels_(std::make_unique<ChannelStore>(parts.namespaces, parts.budget, parts.probe,
                                               parts.clock.now())),
      dedupe_(std::make_unique<DedupeWindow>(parts.budget, parts.probe)) {}

MemoryBroker::~MemoryBroker() = default;

void MemoryBroker::publish(hub::PublishRequest request, hub::Completion<Receipt> done) {
  done(publish_now(std::move(request)));
}

Result<Receipt, BrokerError> MemoryBroker::publish_now(hub::PublishRequest request) {
  const Timestamp now = parts_.clock.now();
  std::optional<DedupeTicket> ticket;
  if (!request.dedupe.key.empty()) {
    ticket = dedupe_->ticket(request);
    const std::optional<Receipt> first = TRY(look_up_receipt(*ticket, now));
    if (first) return *first;
  }
  Channel* const channel = channels_->admit(request.draft.channel, now);
  if (channel == nullptr) return std::unexpected(BrokerError::TooManyChannels);
  const Receipt receipt{.position = channel->log.next_position(),
                        .timestamp = channel->log.next_timestamp(now)};
  const hub::PublicationPtr publication = hub::make_publication(
      std::move(request.draft), hub::PublicationKind::Kept, receipt.position, receipt.timestamp);
  channels_->append(*channel, publication, now);
  if (ticket) dedupe_->remember(*ticket, receipt, now);
  ++parts_.probe.count().publications;
  if (channel->is_subscribed) listener_->on_publication(publication);
  return receipt;
}

Result<std::optional<Receipt>, BrokerError> MemoryBroker::look_up_receipt(
    const DedupeTicket& ticket, Timestamp now) {
  Result<std::optional<Receipt>, BrokerError> first = dedupe_->look_up(ticket, now);
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
  const Channel* const channel = channels_->find(draft.channel, now);
  if (channel != nullptr && channel->is_subscribed) {
    listener_->on_publication(hub::make_publication(
        std::move(draft), hub::PublicationKind::Ephemeral, channel->log.top(), now));
  }
  done({});
}

void MemoryBroker::read(hub::ReadRequest request, hub::Completion<hub::Page> done) {
  const Timestamp now = parts_.clock.now();
  const Channel* const channel = channels_->find(request.channel, now);
  if (channel != nullptr) return done(channel->log.read(request.start, request.limit));
  const ChannelLog empty(channels_->look_up(request.channel, now));
  done(empty.read(request.start, request.limit));
}

void MemoryBroker::subscribe(hub::ReadRequest request, hub::Completion<hub::Page> done) {
  const Channel& channel = channels_->subscribe(request.channel, parts_.clock.now());
  done(channel.log.read(request.start, request.limit));
}

void MemoryBroker::unsubscribe(Bytes channel) {
  channels_->unsubscribe(channel, parts_.clock.now());
}

void MemoryBroker::list_channels(hub::ListRequest request, hub::Completion<hub::ChannelList> done) {
  hub::ChannelList list;
  channels_->for_each([&](const Channel& channel) {
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
  channels_->on_time(now, limits::kSweptChannels);
  dedupe_->on_time(now, limits::kSweptKeys);
}

}  // namespace carillon::cluster
