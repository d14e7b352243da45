#include "protocol/engineio/heartbeat.hpp"

namespace carillon::engineio {
namespace {

/// A clock that is looked at this late is still on time: clients count from the moment at which a
/// ping was due, and a late look must not lengthen each turn.
constexpr Duration kPunctual = std::chrono::milliseconds(20);

}  // namespace

void Heartbeat::on_sign_of_life(TimePoint now) {
  since_ = now;
  awaiting_ = false;
}

Heartbeat::Action Heartbeat::on_time(TimePoint now, const HeartbeatTimes& times) {
  const TimePoint due = deadline(times);
  if (now < due) return Action::Wait;
  if (awaiting_ || client_asks_) return Action::GiveUp;
  awaiting_ = true;
  since_ = now - due <= kPunctual ? due : now;
  return Action::SendPing;
}

TimePoint Heartbeat::deadline(const HeartbeatTimes& times) const {
  if (client_asks_) return since_ + times.ping_interval + times.ping_timeout;
  return since_ + (awaiting_ ? times.ping_timeout : times.ping_interval);
}

}  // namespace carillon::engineio
