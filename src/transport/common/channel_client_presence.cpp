// The presence of a client: in which channels it is, how soon its silence shows there, and the
// channel of its own in which it hears signals.
#include <algorithm>

#include "hub/presence_desk.hpp"
#include "transport/common/channel_client.hpp"

namespace carillon::transport {
namespace {

/// Silence, waiting for a sign of life, and waiting for the client to come back.
constexpr int kLeaseParts = 3;

}  // namespace

void ChannelClient::attend(Bytes channel) {
  if (!is_here() || find(channel) == nullptr || !worker_.hub().presence().keeps(channel)) return;
  if (!memberships_) {
    memberships_ = std::make_unique<Memberships>(worker_, caller_.identity, caller_.client);
  }
  const bool was_anywhere = is_present();
  memberships_->enter(channel);
  if (!was_anywhere) on_presence();
  hear_own_channel();
}

/// Whoever it has become is in the same channels, and may hear more or less there.
void ChannelClient::attend_as(const Caller& before) {
  for (const Subscription& each : subscriptions_) {
    worker_.hub().set_hearing(each.id, hearing_of(worker_, caller_, each.channel));
  }
  if (!memberships_) return;
  memberships_->rename(caller_.identity, caller_.client);
  if (caller_.client == before.client) return;
  if (Subscription* const own = find(client_channel(before.client))) end_subscription(*own);
  if (is_present()) hear_own_channel();
}

/// A client that comes back by its session is given what is retained, maybe once more; whoever
/// wants it from a position subscribes itself, before.
void ChannelClient::hear_own_channel() {
  native::Subscribe command;
  command.channel = client_channel(caller_.client);
  if (find(command.channel) != nullptr) return;
  command.history = hub::limits::kPagePublications;
  begin_subscription({}, command, Maker::Endpoint);
}

Duration ChannelClient::lease_part() const {
  return worker_.settings().presence.lease / kLeaseParts;
}

void ChannelClient::part_as_lost(Duration silence) {
  const Duration left = worker_.settings().presence.lease - silence;
  part(hub::LeaveCause::Lost, std::max(left, Duration::zero()));
}

void ChannelClient::part(hub::LeaveCause cause, Duration patience) {
  if (memberships_) memberships_->leave_all(cause, patience);
}

void ChannelClient::part_for(native::ProblemCode code, bool reconnect) {
  const bool is_for_good = !reconnect && code != native::ProblemCode::Replaced;
  if (is_for_good || code == native::ProblemCode::Revoked) part(hub::LeaveCause::Ended);
}

}  // namespace carillon::transport
