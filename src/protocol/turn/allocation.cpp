#include "protocol/turn/allocation.hpp"

#include <algorithm>

#include "protocol/turn/limits.hpp"

namespace carillon::turn {
namespace {

template <class Entry>
void forget_expired(std::vector<Entry>& entries, TimePoint now) {
  std::erase_if(entries, [now](const Entry& entry) { return entry.expiry <= now; });
}

}  // namespace

bool Allocation::permit(const stun::TransportAddress& peer, TimePoint now) {
  const TimePoint until = now + limits::kPermissionLife;
  for (Permission& permission : permissions_) {
    if (!permission.peer.same_ip(peer)) continue;
    permission.expiry = until;
    return true;
  }
  forget_expired(permissions_, now);
  if (permissions_.size() >= limits::kPermissions) return false;
  permissions_.push_back({.peer = peer, .expiry = until});
  return true;
}

bool Allocation::permits(const stun::TransportAddress& peer, TimePoint now) const {
  return std::ranges::any_of(permissions_, [&](const Permission& permission) {
    return permission.peer.same_ip(peer) && permission.expiry > now;
  });
}

Allocation::Binding Allocation::bind(std::uint16_t number, const stun::TransportAddress& peer,
                                     TimePoint now) {
  forget_expired(channels_, now);
  ChannelBinding* same = nullptr;
  for (ChannelBinding& channel : channels_) {
    const bool same_number = channel.number == number;
    if (same_number != (channel.peer == peer)) return Binding::Taken;
    if (same_number) same = &channel;
  }
  if (same == nullptr && channels_.size() >= limits::kChannels) return Binding::Full;
  if (!permit(peer, now)) return Binding::Full;
  const TimePoint until = now + limits::kChannelLife;
  if (same != nullptr) {
    same->expiry = until;
  } else {
    channels_.push_back({.peer = peer, .number = number, .expiry = until});
  }
  return Binding::Done;
}

const ChannelBinding* Allocation::channel(std::uint16_t number, TimePoint now) const {
  for (const ChannelBinding& binding : channels_) {
    if (binding.number == number) return binding.expiry > now ? &binding : nullptr;
  }
  return nullptr;
}

const ChannelBinding* Allocation::channel_to(const stun::TransportAddress& peer,
                                             TimePoint now) const {
  for (const ChannelBinding& binding : channels_) {
    if (binding.peer == peer) return binding.expiry > now ? &binding : nullptr;
  }
  return nullptr;
}

}  // namespace carillon::turn
