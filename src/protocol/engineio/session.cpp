#include "protocol/engineio/session.hpp"

#include <algorithm>

namespace carillon::engineio {
namespace {

/// How often polls are released while a client changes transports; Engine.IO's own server looks as
/// often.
constexpr Duration kReleaseInterval = std::chrono::milliseconds(100);

}  // namespace

Session::Step Session::close(CloseReason reason) {
  close_reason_ = reason;
  return Step::Close;
}

/// In version 4 only the server asks, in version 3 only the client.
Session::Step Session::on_sign_of_life(Version expected, Step step, TimePoint now) {
  if (version_ != expected) return close(CloseReason::TransportError);
  heartbeat_.on_sign_of_life(now);
  return step;
}

Session::Step Session::on_packet(const Packet& packet, TimePoint now) {
  switch (packet.type) {
    case PacketType::Message:
      return Step::Deliver;
    case PacketType::Pong:
      return on_sign_of_life(Version::V4, Step::None, now);
    case PacketType::Ping:
      return on_sign_of_life(Version::V3, Step::Answer, now);
    case PacketType::Close:
      return close(CloseReason::TransportClosed);
    case PacketType::Open:
    case PacketType::Upgrade:
    case PacketType::Noop:
      return Step::None;
  }
  return on_bad_packet();
}

bool Session::begin_probe(TimePoint now) {
  if (transport_ != Transport::Polling || probe_ != Probe::None) return false;
  probe_ = Probe::Opened;
  probe_began_ = now;
  return true;
}

Session::ProbeStep Session::on_probe_packet(const Packet& packet, TimePoint now) {
  if (packet.type == PacketType::Ping && packet.data == kProbe) {
    probe_ = Probe::Answered;
    release_due_ = now;
    return ProbeStep::Answer;
  }
  probe_ = Probe::None;
  if (packet.type != PacketType::Upgrade) return ProbeStep::Drop;
  transport_ = Transport::WebSocket;
  return ProbeStep::Upgrade;
}

std::optional<TimePoint> Session::poll_release_due() const {
  if (probe_ != Probe::Answered) return std::nullopt;
  return release_due_;
}

void Session::on_poll_released(TimePoint now) {
  release_due_ = now + kReleaseInterval;
}

Session::TimeStep Session::on_time(TimePoint now, const SessionTimes& times) {
  switch (heartbeat_.on_time(now, times.heartbeat)) {
    case Heartbeat::Action::SendPing:
      return TimeStep::SendPing;
    case Heartbeat::Action::GiveUp:
      close(CloseReason::PingTimeout);
      return TimeStep::Close;
    case Heartbeat::Action::Wait:
      break;
  }
  if (probe_ == Probe::None || now < probe_began_ + times.upgrade) return TimeStep::Wait;
  probe_ = Probe::None;
  return TimeStep::DropProbe;
}

TimePoint Session::deadline(const SessionTimes& times) const {
  TimePoint next = heartbeat_.deadline(times.heartbeat);
  if (probe_ != Probe::None) next = std::min(next, probe_began_ + times.upgrade);
  return next;
}

}  // namespace carillon::engineio
