// In which channels an endpoint makes its client present, for as long as it lives.
#pragma once

#include <string>
#include <vector>

#include "access/permissions.hpp"
#include "core/bytes.hpp"
#include "core/time.hpp"
#include "hub/presence.hpp"
#include "transport/common/caller.hpp"
#include "transport/common/worker.hpp"

namespace carillon::transport {

/// What others see of a client.
hub::PresenceProfile profile_of(const access::Identity& identity, hub::ClientId client);

/// Whether the caller may be told who comes and goes there.
hub::Hearing hearing_of(Worker& worker, const Caller& caller, Bytes channel);

/// Thread: its reactor's.
class Memberships {
 public:
  /// `client`: not nobody.
  Memberships(Worker& worker, const access::Identity& identity, hub::ClientId client)
      : worker_(worker), profile_(profile_of(identity, client)) {}
  Memberships(const Memberships&) = delete;
  Memberships& operator=(const Memberships&) = delete;
  /// What it is still in it has lost.
  ~Memberships();

  void enter(Bytes channel);
  /// Quiet where it is not in.
  void leave(Bytes channel, hub::LeaveCause cause);
  /// Of one that is lost others hear only when it has not come back within `patience`.
  void leave_all(hub::LeaveCause cause, Duration patience);
  /// It is who that is from now on, in all its channels.
  void rename(const access::Identity& identity, hub::ClientId client);

  bool is_empty() const { return channels_.empty(); }

 private:
  Worker& worker_;
  hub::PresenceProfile profile_;
  std::vector<std::string> channels_;
};

}  // namespace carillon::transport
