#include "facade/channel_listener.hpp"

#include <utility>

#include "facade/guard.hpp"
#include "facade/local.hpp"
#include "hub/hub.hpp"
#include "hub/publication.hpp"

namespace carillon::facade {
namespace {

/// How long until a channel that could not be reached is tried again.
constexpr Duration kRetryTime = std::chrono::milliseconds(100);

}  // namespace

ChannelListener::ChannelListener(Local& local, std::uint64_t number, std::string channel,
                                 hub::SubscribeStart start, ChannelOptions options)
    : local_(local),
      number_(number),
      channel_(std::move(channel)),
      start_(start),
      options_(std::move(options)) {}

ChannelListener::~ChannelListener() {
  end();
}

void ChannelListener::begin() {
  const hub::SubscriptionId id = local_.hub().subscribe(
      *this, {.channel = channel_, .start = start_, .overflow = hub::Overflow::ReadOn},
      [this](Result<hub::Subscribed, hub::BrokerError> answer) { on_answer(std::move(answer)); });
  if (ended_) return local_.hub().unsubscribe(id);
  subscription_ = id;
}

void ChannelListener::end() {
  ended_ = true;
  local_.hub().unsubscribe(std::exchange(subscription_, {}));
}

void ChannelListener::on_answer(Result<hub::Subscribed, hub::BrokerError> answer) {
  if (!answer) return try_again();
  if (!answer->recovered()) tell_gap(answer->begin);
  for (const hub::PublicationPtr& publication : answer->missed) hear(*publication);
  if (answer->joined) return;
  start_ = hub::After{answer->missed_until};
  local_.reactor().defer([&local = local_, number = number_] {
    if (ChannelListener* listener = local.listeners().find(number)) listener->begin();
  });
}

void ChannelListener::try_again() {
  local_.reactor().after(kRetryTime, [&local = local_, number = number_] {
    if (ChannelListener* listener = local.listeners().find(number)) listener->begin();
  });
}

hub::WireFormId ChannelListener::wire_form() const {
  return local_.worker().wire_forms().list_item;  // never encoded: nobody asks for the octets
}

void ChannelListener::on_delivery(const hub::Delivery& delivery) {
  for (const hub::PublicationPtr& publication : delivery.publications()) hear(*publication);
}

void ChannelListener::on_gap(hub::SubscriptionId /*subscription*/, const Position& position) {
  tell_gap(position);
}

void ChannelListener::hear(const hub::Publication& publication) {
  if (ended_ || !options_.on_publication) return;
  const std::string position = to_text(publication.position);
  const auto kind =
      publication.data_kind == hub::DataKind::Json ? DataKind::Json : DataKind::Binary;
  const Publication heard{.channel = publication.channel,
                          .data = publication.data,
                          .kind = kind,
                          .position = position,
                          .user = publication.user,
                          .timestamp_us = publication.timestamp.microseconds};
  guarded("on_publication", [&] { options_.on_publication(heard); });
}

void ChannelListener::tell_gap(const Position& position) {
  if (ended_ || !options_.on_gap) return;
  guarded("on_gap", [&] { options_.on_gap(to_text(position)); });
}

void ChannelListeners::add(Local& local, std::uint64_t number, std::string channel,
                           hub::SubscribeStart start, ChannelOptions options) {
  auto listener = std::make_unique<ChannelListener>(local, number, std::move(channel), start,
                                                    std::move(options));
  ChannelListener& begun = *listener;
  listeners_.emplace(number, std::move(listener));
  begun.begin();
}

void ChannelListeners::remove(Local& local, std::uint64_t number) {
  const auto found = listeners_.find(number);
  if (found == listeners_.end()) return;
  found->second->end();
  // It may be its own handler that removes it.
  local.reactor().defer([ended = std::move(found->second)] {});
  listeners_.erase(found);
}

ChannelListener* ChannelListeners::find(std::uint64_t number) {
  const auto found = listeners_.find(number);
  return found == listeners_.end() ? nullptr : found->second.get();
}

}  // namespace carillon::facade
