// Presence as the transports of one reactor use it: which clients are in which channels by their
// connections here, and what the homes of those channels say.
#pragma once

#include <cstddef>
#include <deque>
#include <map>
#include <string>
#include <utility>

#include "core/time.hpp"
#include "hub/broker.hpp"
#include "hub/clock.hpp"
#include "hub/home_line.hpp"
#include "hub/namespace_settings.hpp"
#include "hub/presence.hpp"
#include "hub/probe.hpp"

namespace carillon::hub {

/// Lifetime: all of it outlives the desk.
struct PresenceDeskParts {
  HomeLine& line;
  const NamespaceTable& namespaces;
  const Clock& clock;
  Probe& probe;
};

/// Thread: its reactor's.
class PresenceDesk {
 public:
  explicit PresenceDesk(const PresenceDeskParts& parts) : parts_(parts) {}
  PresenceDesk(const PresenceDesk&) = delete;
  PresenceDesk& operator=(const PresenceDesk&) = delete;

  /// Whether it is known who is in that channel.
  bool keeps(Bytes channel) const { return parts_.namespaces.of(channel).presence; }

  /// One more connection of the client is in the channel; leave() follows it. The newest one says
  /// what others see of it.
  void enter(Bytes channel, const PresenceProfile& profile);
  /// The client goes with its last connection here; of one that is lost others hear only when it
  /// has not come back within `patience`.
  void leave(Bytes channel, ClientId client, LeaveCause cause, Duration patience);
  /// It was heard of, and counts for so long.
  void touch(Bytes channel, const PresenceProfile& profile, Duration patience);

  /// Errors, of all of them: Unavailable.
  void list(PresenceQuery query, Completion<PresencePage> done);
  /// False: the client is not in the channel.
  void set_data(PresenceData data, Completion<bool> done);
  /// Whether some channel has both. Answers to the same asker come in the order of the questions.
  void find_together(const PresencePair& pair, Completion<bool> done);

  /// Sends again what a full mailbox refused. Called about every limits::kTimeStep.
  void on_time();

 private:
  void tell(PresenceNotice notice);

  PresenceDeskParts parts_;
  /// How many connections each client has in each channel.
  std::map<std::pair<ClientId, std::string>, std::size_t, std::less<>> connections_;
  /// Joins are bounded by limits::kWaitingNotices; each of the rest follows one that got through.
  std::deque<PresenceNotice> refused_;
};

}  // namespace carillon::hub
