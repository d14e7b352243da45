// The rosters of the channels at home on one reactor, what becomes of them with time, and in
// which of them a client is.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <queue>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/hash.hpp"
#include "hub/clock.hpp"
#include "hub/namespace_settings.hpp"
#include "hub/presence.hpp"
#include "hub/probe.hpp"
#include "hub/publication.hpp"
#include "hub/roster.hpp"

namespace carillon::hub {

/// Thread: its reactor's.
class Rosters {
 public:
  /// Hears of each change, as a publication that is not kept.
  using Tell = std::function<void(const PublicationPtr&)>;

  /// Lifetime: all of them outlive it.
  Rosters(const NamespaceTable& namespaces, const Clock& clock, Probe& probe, Tell tell);
  Rosters(const Rosters&) = delete;
  Rosters& operator=(const Rosters&) = delete;

  /// A client over the limit of its channel's members is not let in, and counted.
  void on_notice(ReactorIndex from, const PresenceNotice& notice);
  PresencePage page(const PresenceQuery& query) const;
  /// False: the client is not in the channel.
  bool set_data(PresenceData data);
  bool are_together(const PresencePair& pair) const;

  /// Lets go of those whose time has passed. Called about every limits::kTimeStep.
  void on_time();

 private:
  /// A roster keeps its place as long as somebody is in.
  struct Channel {
    std::string name;
    Roster roster;
  };
  struct Deadline {
    Timestamp time;
    std::string channel;
    ClientId client;
    bool operator>(const Deadline& other) const { return time > other.time; }
  };

  Channel* find(Bytes channel);
  /// Null: the client is new there, and there are as many as there may be.
  Channel* enterable(const std::string& channel, ClientId client);
  void on_change(Channel& channel, std::optional<PresenceChange> change);
  void index(const Channel& channel, ClientId client);
  void unindex(const Channel& channel, ClientId client);
  void watch_end(Channel& channel, ClientId client);

  const NamespaceTable& namespaces_;
  const Clock& clock_;
  Probe& probe_;
  Tell tell_;
  std::unordered_map<std::string, Channel, StringHash, std::equal_to<>> channels_;
  std::unordered_map<ClientId, std::vector<const Channel*>> by_client_;
  /// When members without a connection are looked at again: one for each, and those of members
  /// that have left, until they are due.
  std::priority_queue<Deadline, std::vector<Deadline>, std::greater<>> deadlines_;
};

}  // namespace carillon::hub
