// The broker of a single node: everything in memory, every call complete before it returns.
#pragma once

#include <memory>
#include <optional>
#include <variant>

#include "cluster/channel_store.hpp"
#include "cluster/dedupe_window.hpp"
#include "cluster/shared_budget.hpp"
#include "hub/broker.hpp"
#include "hub/clock.hpp"
#include "hub/namespace_settings.hpp"
#include "hub/probe.hpp"

namespace carillon::cluster {

/// What all brokers of a node begin with, and what a restart takes over.
struct Origin {
  Numbering fresh;  // of every channel that is not known
  DigestKeys keys;
  static Origin random(Timestamp now);
};

/// Lifetime: everything named here outlives the broker.
struct MemoryBrokerParts {
  const hub::Clock& clock;
  const hub::NamespaceTable& namespaces;
  SharedBudget& budget;  // one for all reactors
  hub::Probe& probe;     // this reactor's
  /// The same for all reactors; none: one of its own.
  std::optional<Origin> origin = {};
};

/// A publication that has its number and is not in the log yet.
struct Numbered {
  Channel* channel = nullptr;  // held until then
  hub::PublicationPtr publication;
  std::optional<DedupeTicket> ticket;

  hub::Receipt receipt() const {
    return {.position = publication->position, .timestamp = publication->timestamp};
  }
};

/// One per reactor, for the channels that are at home there.
/// Thread: its reactor's.
class MemoryBroker final : public hub::Broker {
 public:
  explicit MemoryBroker(const MemoryBrokerParts& parts);

  void listen(hub::BrokerListener& listener) override { listener_ = &listener; }
  void publish(hub::PublishRequest request, hub::Completion<hub::Receipt> done) override;
  void publish_ephemeral(hub::PublicationDraft draft, hub::Completion<void> done) override;
  void read(hub::ReadRequest request, hub::Completion<hub::Page> done) override;
  void subscribe(hub::ReadRequest request, hub::Completion<hub::Page> done) override;
  void unsubscribe(Bytes channel) override;
  void list_channels(hub::ListRequest request, hub::Completion<hub::ChannelList> done) override;
  void delete_history(std::string channel, hub::Completion<Position> done) override;
  void on_time() override;

  void on_namespaces_changed() { channels_.on_namespaces_changed(); }

  // A publication in two steps, for who keeps it elsewhere in between.

  /// The ticket of a request with an idempotency key.
  std::optional<DedupeTicket> ticket(const hub::PublishRequest& request) const;
  /// A number for it, or the first receipt where its key was used before.
  /// Errors: TooManyChannels, DedupeMismatch.
  Result<std::variant<hub::Receipt, Numbered>, hub::BrokerError> number(
      hub::PublishRequest request, const std::optional<DedupeTicket>& ticket);
  /// Appends it to the log and tells it; those of one channel in the order of their numbers.
  hub::Receipt keep(Numbered numbered);
  /// It comes to nothing: so must all that were numbered after it in its channel.
  void give_up(const Numbered& numbered);

  // And a deletion.

  /// After the last publication that has a number.
  Position top_of(Bytes channel);
  /// What was published up to `position` is gone. What that leaves is the answer of top_of().
  void delete_up_to(Bytes channel, const Position& position);

  // For who keeps all of it, or brings it back.

  ChannelStore& channels() { return channels_; }
  DedupeWindow& dedupe() { return dedupe_; }

 private:
  using FirstReceipt = std::optional<hub::Receipt>;

  MemoryBroker(const MemoryBrokerParts& parts, const Origin& origin);
  Result<hub::Receipt, hub::BrokerError> publish_now(hub::PublishRequest request);
  Result<FirstReceipt, hub::BrokerError> look_up_receipt(const DedupeTicket& ticket, Timestamp now);

  MemoryBrokerParts parts_;
  hub::BrokerListener* listener_ = nullptr;
  ChannelStore channels_;
  DedupeWindow dedupe_;
};

}  // namespace carillon::cluster
