// The members of one channel: pure bookkeeping, told the time.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "hub/presence.hpp"
#include "hub/types.hpp"

namespace carillon::hub {

/// A client is in as long as a reactor holds a connection of it, and until its time has passed
/// after that. What changes is returned for others to be told; empty: nothing did.
class Roster {
 public:
  /// `version`: the first change has the next one.
  explicit Roster(std::uint64_t version) : version_(version) {}

  /// A client that is in already may have another user or info now.
  std::optional<PresenceChange> enter(ReactorIndex from, const PresenceProfile& profile,
                                      Timestamp now);
  /// A client that vanished stays until `until`; others go, unless they poll besides.
  std::optional<PresenceChange> leave(ReactorIndex from, const PresenceNotice& notice,
                                      Timestamp now);
  /// It polls: it is in until `until`.
  std::optional<PresenceChange> touch(const PresenceProfile& profile, Timestamp until,
                                      Timestamp now);
  /// Quiet where it is not in, and where it has that already.
  std::optional<PresenceChange> set_data(ClientId client, std::string data);
  /// A client without a connection whose time has passed goes.
  std::optional<PresenceChange> expire(ClientId client, Timestamp now);

  /// When `expire` has something to do for it; empty: it is held, or not in.
  std::optional<Timestamp> end_of(ClientId client) const;
  /// Notes that somebody looks after that end; false: somebody does already.
  bool begin_watch(ClientId client);
  void end_watch(ClientId client);
  bool has(ClientId client) const { return members_.contains(client); }
  bool is_empty() const { return members_.empty(); }
  std::size_t size() const { return members_.size(); }
  PresencePage page(ClientId after, std::size_t limit) const;

 private:
  struct Entry {
    PresenceMemberPtr member;
    std::vector<std::uint32_t> holders;  // reactors, each once
    Timestamp lost_until;                // a lost connection may come back until then
    Timestamp polls_until;
    bool is_watched = false;

    Timestamp end() const { return std::max(lost_until, polls_until); }
  };
  using Members = std::map<ClientId, Entry>;

  std::optional<PresenceChange> let_in(const PresenceProfile& profile, Timestamp now);
  PresenceChange remove(Members::iterator entry, LeaveCause cause);
  PresenceChange change(PresenceEvent event, PresenceMemberPtr member);
  void count_user(const std::string& user);
  void discount_user(const std::string& user);

  Members members_;
  std::unordered_map<std::string, std::size_t> users_;  // how many clients each has
  std::uint64_t version_;
};

}  // namespace carillon::hub
