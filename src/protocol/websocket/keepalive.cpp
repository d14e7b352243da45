#include "protocol/websocket/keepalive.hpp"

namespace carillon::websocket {

void Keepalive::on_received(TimePoint now) {
  since_ = now;
  awaiting_ = false;
}

KeepaliveAction Keepalive::on_time(TimePoint now, const KeepaliveLimits& limits) {
  if (now < deadline(limits)) return KeepaliveAction::Wait;
  if (awaiting_) return KeepaliveAction::GiveUp;
  since_ = now;
  awaiting_ = true;
  return KeepaliveAction::SendPing;
}

TimePoint Keepalive::deadline(const KeepaliveLimits& limits) const {
  return since_ + (awaiting_ ? limits.pong_timeout : limits.ping_interval);
}

}  // namespace carillon::websocket
