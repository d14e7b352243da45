// Who is in a channel, and what is told of it: values, no behaviour.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/time.hpp"
#include "hub/client_id.hpp"
#include "hub/limits.hpp"

namespace carillon::hub {

/// Whom others see: one running program, however many connections it has.
struct PresenceProfile {
  ClientId client;
  std::string user;  // empty: nobody is named
  std::string info;  // JSON of the user's token; empty: nothing
};

/// Thread: immutable; shared by pages, events and reactors.
struct PresenceMember {
  PresenceProfile profile;
  std::string data;  // JSON that the member has set itself; empty: nothing
  Timestamp since;
};
using PresenceMemberPtr = std::shared_ptr<const PresenceMember>;

struct PresenceCounts {
  std::size_t clients = 0;
  std::size_t users = 0;  // that are named, each once
};

enum class PresenceEvent : std::uint8_t { Join, Leave, Update };

enum class LeaveCause : std::uint8_t {
  Left,    // it unsubscribed
  Closed,  // it said goodbye
  Lost,    // it vanished, and has not come back in time
  Ended,   // the server or a back end sent it away
};

/// `version` is one more than that of the change before in this channel, unless nobody was there
/// in between; so a hole shows.
struct PresenceChange {
  PresenceEvent event = PresenceEvent::Join;
  LeaveCause cause = LeaveCause::Left;  // of Leave
  PresenceMemberPtr member;             // as it is now; Leave: as it was
  PresenceCounts counts;                // afterwards
  std::uint64_t version = 0;
};

/// The members of a channel by their ids, `limit` of them behind `after`.
struct PresenceQuery {
  std::string channel;
  ClientId after;         // exclusive; nobody: from the first
  std::size_t limit = 0;  // at most limits::kPageMembers count; 0: the counts alone
};

/// What changes are told with versions above `version` is not in it yet.
struct PresencePage {
  std::vector<PresenceMemberPtr> members;
  PresenceCounts counts;
  std::uint64_t version = 0;  // 0: nobody is there
  bool at_end = true;
};

/// What a reactor tells a home of a client. `until` counts where the client may still come back:
/// of Leave with LeaveCause::Lost, and of Touch.
struct PresenceNotice {
  enum class Kind : std::uint8_t {
    Enter,  // this reactor holds a connection of it in the channel
    Leave,  // it holds none any more
    Touch,  // it was heard of, without a connection that stays
  };
  Kind kind = Kind::Enter;
  LeaveCause cause = LeaveCause::Left;
  std::string channel;
  PresenceProfile profile;
  Timestamp until;
};

/// `data` is what others see with the member from now on.
struct PresenceData {
  std::string channel;
  ClientId client;
  std::string data;
};

/// Whether both are in one channel.
struct PresencePair {
  ClientId one;
  ClientId other;
};

}  // namespace carillon::hub
