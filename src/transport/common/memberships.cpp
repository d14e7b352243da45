#include "transport/common/memberships.hpp"

#include <algorithm>
#include <utility>

#include "hub/presence_desk.hpp"

namespace carillon::transport {

hub::PresenceProfile profile_of(const access::Identity& identity, hub::ClientId client) {
  return {.client = client,
          .user = std::string(identity.user()),
          .info = identity.claims ? identity.claims->info : std::string{}};
}

hub::Hearing hearing_of(Worker& worker, const Caller& caller, Bytes channel) {
  const bool hears = worker.hub().presence().keeps(channel) &&
                     require(worker, caller, access::Action::Presence, channel);
  return hears ? hub::Hearing::Presence : hub::Hearing::Messages;
}

Memberships::~Memberships() {
  leave_all(hub::LeaveCause::Lost, worker_.settings().presence.lease);
}

void Memberships::enter(Bytes channel) {
  channels_.emplace_back(channel);
  worker_.hub().presence().enter(channel, profile_);
}

void Memberships::leave(Bytes channel, hub::LeaveCause cause) {
  if (std::erase(channels_, channel) == 0) return;
  worker_.hub().presence().leave(channel, profile_.client, cause, Duration::zero());
}

void Memberships::leave_all(hub::LeaveCause cause, Duration patience) {
  for (const std::string& channel : std::exchange(channels_, {})) {
    worker_.hub().presence().leave(channel, profile_.client, cause, patience);
  }
}

void Memberships::rename(const access::Identity& identity, hub::ClientId client) {
  const hub::ClientId before = std::exchange(profile_, profile_of(identity, client)).client;
  for (const std::string& channel : channels_) {
    // In this order, so that who is the same client stays.
    worker_.hub().presence().enter(channel, profile_);
    worker_.hub().presence().leave(channel, before, hub::LeaveCause::Left, Duration::zero());
  }
}

}  // namespace carillon::transport
