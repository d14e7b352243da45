// The door for all transports: one hub per reactor. It finds each channel's home, keeps the
// subscribers of its own reactor, and hands them what was published.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>

#include "core/time.hpp"
#include "hub/broker.hpp"
#include "hub/clock.hpp"
#include "hub/courier.hpp"
#include "hub/home.hpp"
#include "hub/home_line.hpp"
#include "hub/namespace_settings.hpp"
#include "hub/peers.hpp"
#include "hub/probe.hpp"
#include "hub/subscriber.hpp"
#include "hub/subscription.hpp"
#include "hub/wire_form.hpp"

namespace carillon::hub {

class LocalChannels;
class PresenceDesk;

/// Lifetime: everything named here outlives the hub.
struct HubParts {
  Courier& courier;
  const Peers& peers;  // with this hub and its home in their places before anything runs
  const WireForms& wire_forms;
  const NamespaceTable& namespaces;
  const Clock& clock;
  Probe& probe;
};

/// Errors:   every callback may bring `Unavailable`: the home's mailbox is full, or the broker
///           cannot be reached.
/// Callbacks come at once (before the call has returned) or later, on this reactor, exactly once
///           unless said otherwise. Those of publish, read and list run whatever becomes of the
///           caller: capture ids, not owners.
/// Thread:   its reactor's.
class Hub {
 public:
  explicit Hub(const HubParts& parts);
  Hub(const Hub&) = delete;
  Hub& operator=(const Hub&) = delete;
  ~Hub();

  /// Errors: Unavailable, TooManyChannels, DedupeMismatch.
  void publish(PublishRequest request, Completion<Receipt> done);
  void publish_ephemeral(PublicationDraft draft, Completion<void> done);
  void read(ReadRequest request, Completion<Page> done);
  /// See Broker::delete_history. Who listens goes on hearing what comes.
  void delete_history(std::string channel, Completion<Position> done);
  /// Channels that live or are subscribed to, by name; with the subscriptions of all reactors.
  void list_channels(ListRequest request, Completion<ChannelList> done);

  /// The history and the place in it in one step; see `Subscribed`. One subscriber may have
  /// several subscriptions, also to one channel.
  /// Lifetime: the subscriber unsubscribes before it is destroyed.
  SubscriptionId subscribe(Subscriber& subscriber, SubscribeRequest request,
                           SubscribeCallback callback);
  /// Nothing is heard of it from now on, not even a pending callback. Quiet when it has ended.
  void unsubscribe(SubscriptionId id);

  /// The subscriber can take more: hands over what was kept for this subscription while it was
  /// congested, until it is again. Quiet when there is nothing.
  void on_drained(SubscriptionId id);

  /// Hands what has piled up to the subscribers, visiting at most `budget` of them. Called at the
  /// end of each tick. True: there is more to do.
  bool deliver(std::size_t budget = limits::kTickSubscribers);

  /// When `deliver` should be called again even if nothing happens: a busy channel holds its
  /// publications until then. Empty: none does.
  std::optional<Duration> next_flush() const;

  /// Tries again what was refused, lets go of channels without subscribers, and gives the home
  /// and its broker their time. Called about every limits::kTimeStep.
  void on_time();

  /// From now on the subscription hears of who comes and goes, or no longer does.
  void set_hearing(SubscriptionId id, Hearing hearing);

  /// Who is in which channel.
  PresenceDesk& presence() { return *presence_; }

  std::size_t subscription_count() const;
  Probe& probe() { return probe_; }

  /// The channels subscribed to on this reactor, with how many subscriptions each.
  ChannelList list_subscriptions(const ListRequest& request) const;

  // Called by homes, on this reactor.

  void on_publication(const PublicationPtr& publication);
  /// This reactor was behind, and may read again what it missed.
  void on_missed(const std::vector<MissedChannel>& channels);

 private:
  Probe& probe_;
  HomeLine line_;
  std::unique_ptr<LocalChannels> channels_;
  std::unique_ptr<PresenceDesk> presence_;
};

}  // namespace carillon::hub
