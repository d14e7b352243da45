// The presence of a WebSocket's client: in which channels it is, how soon its silence shows there,
// and the channel of its own in which it hears signals.
#include <algorithm>

#include "hub/presence_desk.hpp"
#include "transport/websocket/endpoint.hpp"

namespace carillon::transport {
namespace {

/// Pings, waiting for the answer, and waiting for the client to come back: of the lease each.
constexpr int kLeaseParts = 3;

}  // namespace

void WebSocketEndpoint::attend(Bytes channel) {
  if (!is_open() || find(channel) == nullptr || !worker().hub().presence().keeps(channel)) return;
  if (!memberships_) {
    memberships_ = std::make_unique<Memberships>(worker(), caller_.identity, caller_.client);
  }
  const bool was_anywhere = !memberships_->is_empty();
  memberships_->enter(channel);
  if (!was_anywhere) watch_peer();
  hear_own_channel();
}

/// Whoever it has become is in the same channels, and may hear more or less there.
void WebSocketEndpoint::attend_as(const Caller& before) {
  for (const Subscription& each : subscriptions_) {
    worker().hub().set_hearing(each.id, hearing_of(worker(), caller_, each.channel));
  }
  if (!memberships_) return;
  memberships_->rename(caller_.identity, caller_.client);
  if (caller_.client == before.client) return;
  if (Subscription* const own = find(client_channel(before.client))) end_subscription(*own);
  if (!memberships_->is_empty()) hear_own_channel();
}

/// A client that comes back by its session is given what is retained, maybe once more; whoever
/// wants it from a position subscribes itself, before.
void WebSocketEndpoint::hear_own_channel() {
  native::Subscribe command;
  command.channel = client_channel(caller_.client);
  if (find(command.channel) != nullptr) return;
  command.history = hub::limits::kPagePublications;
  begin_subscription({}, command, Maker::Endpoint);
}

websocket::KeepaliveLimits WebSocketEndpoint::keepalive_limits() const {
  websocket::KeepaliveLimits limits = worker().settings().websocket.keepalive;
  if (!memberships_ || memberships_->is_empty()) return limits;
  const Duration part = worker().settings().presence.lease / kLeaseParts;
  limits.ping_interval = std::min(limits.ping_interval, part);
  limits.pong_timeout = std::min(limits.pong_timeout, part);
  return limits;
}

void WebSocketEndpoint::on_goodbye() {
  part(hub::LeaveCause::Closed, Duration::zero());
}

/// What is left of the lease when the silence has shown is all that the client is waited for.
void WebSocketEndpoint::give_up(GiveUp why) {
  if (why == GiveUp::Slow) return close(native::ProblemCode::Slow, true, std::chrono::seconds(1));
  const websocket::KeepaliveLimits silence = keepalive_limits();
  const Duration left =
      worker().settings().presence.lease - silence.ping_interval - silence.pong_timeout;
  part(hub::LeaveCause::Lost, std::max(left, Duration::zero()));
  close(native::ProblemCode::Idle, true, Duration::zero());
}

void WebSocketEndpoint::part(hub::LeaveCause cause, Duration patience) {
  if (memberships_) memberships_->leave_all(cause, patience);
}

}  // namespace carillon::transport
