// The home of some channels: one per reactor. It alone talks to the broker, and hands what it
// hears to the reactors that have subscribers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/hash.hpp"
#include "hub/broker.hpp"
#include "hub/clock.hpp"
#include "hub/courier.hpp"
#include "hub/namespace_settings.hpp"
#include "hub/peers.hpp"
#include "hub/presence.hpp"
#include "hub/probe.hpp"
#include "hub/rosters.hpp"

namespace carillon::hub {

/// A channel of which a reactor that was behind has missed something.
struct MissedChannel {
  std::string channel;
  Position top;  // of the newest it missed
};

/// A reactor's wish to hear a channel, and how much of its history it wants with the answer.
struct JoinRequest {
  ReactorIndex from = 0;
  ReadRequest read;
};

/// Lifetime: all of it outlives the home.
struct HomeParts {
  Courier& courier;
  Broker& broker;
  const Peers& peers;
  const NamespaceTable& namespaces;
  const Clock& clock;
  Probe& probe;
};

/// Thread: its reactor's; other reactors send it tasks.
class Home final : public BrokerListener {
 public:
  /// Makes itself the listener of the broker.
  explicit Home(const HomeParts& parts);
  Home(const Home&) = delete;
  Home& operator=(const Home&) = delete;

  void publish(PublishRequest request, Completion<Receipt> done);
  void publish_ephemeral(PublicationDraft draft, Completion<void> done);
  void read(ReadRequest request, Completion<Page> done);
  void delete_history(std::string channel, Completion<Position> done);
  /// The channels at home here, and the subscriptions of this reactor to whichever channels.
  void list_channels(ListRequest request, Completion<ChannelList> done);

  /// Registers the interest of a reactor in the channel and snapshots its history: one step.
  /// The interest stays until `leave`, even where the snapshot fails.
  void join(JoinRequest request, Completion<Page> done);
  /// Reactor `from` has no subscribers in the channel any more.
  void leave(ReactorIndex from, Bytes channel);

  void on_publication(const PublicationPtr& publication) override;

  // Who is in the channels at home here.

  void on_presence(ReactorIndex from, const PresenceNotice& notice) {
    rosters_.on_notice(from, notice);
  }
  void list_members(PresenceQuery query, Completion<PresencePage> done);
  void set_presence_data(PresenceData data, Completion<bool> done);
  void are_together(PresencePair pair, Completion<bool> done);

  /// Answers a request that came from another reactor.
  void answer(ReactorIndex to, Task task) { courier_.answer(to, std::move(task)); }

  /// Tells the reactors that are behind that they may read again. Called every tick.
  void retry_notices();
  void on_time();

 private:
  struct Interest {
    std::uint32_t reactor = 0;
    std::uint32_t missed_place = 0;  // in that reactor's Lag,
    std::uint64_t missed_round = 0;  // if it is of this round
  };
  using Interests = std::vector<Interest>;
  /// What a reactor missed while its mailbox was full. Not empty: it is behind.
  struct Lag {
    std::vector<MissedChannel> channels;
    std::uint64_t round = 1;  // grows with each notice that got through
  };

  void hand_over(Interest& interest, const PublicationPtr& publication);
  void mark_missed(Interest& interest, const Publication& publication);
  bool try_notify(ReactorIndex reactor);

  Courier& courier_;
  Broker& broker_;
  const Peers& peers_;
  Probe& probe_;
  Rosters rosters_;
  std::unordered_map<std::string, Interests, StringHash, std::equal_to<>> channels_;
  std::vector<Lag> lags_;  // by reactor
  std::size_t behind_count_ = 0;
};

}  // namespace carillon::hub
