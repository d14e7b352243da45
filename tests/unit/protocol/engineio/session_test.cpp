#include "protocol/engineio/session.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <set>
#include <string_view>

namespace carillon::engineio {
namespace {

using std::chrono::milliseconds;
using Step = Session::Step;
using TimeStep = Session::TimeStep;
using ProbeStep = Session::ProbeStep;

constexpr SessionTimes kTimes{
    .heartbeat = {.ping_interval = milliseconds(300), .ping_timeout = milliseconds(200)},
    .upgrade = milliseconds(1000)};
const TimePoint kStart{std::chrono::hours(1)};

TimePoint at(int after_ms) {
  return kStart + milliseconds(after_ms);
}

constexpr Packet kPing{.type = PacketType::Ping};
constexpr Packet kPong{.type = PacketType::Pong};
constexpr Packet kProbePing{.type = PacketType::Ping, .data = kProbe};
constexpr Packet kUpgrade{.type = PacketType::Upgrade};

// --- Heartbeats
// -----------------------------------------------------------------------------------

TEST(EngineioSession, PingsAtItsInterval) {
  Session session(Transport::Polling, kStart);
  EXPECT_EQ(session.deadline(kTimes), at(300));
  EXPECT_EQ(session.on_time(at(299), kTimes), TimeStep::Wait);
  EXPECT_EQ(session.on_time(at(300), kTimes), TimeStep::SendPing);
  EXPECT_EQ(session.on_time(at(300), kTimes), TimeStep::Wait);
  EXPECT_EQ(session.on_packet(kPong, at(310)), Step::None);
  EXPECT_EQ(session.deadline(kTimes), at(610));
  EXPECT_EQ(session.on_time(at(610), kTimes), TimeStep::SendPing);
}

TEST(EngineioSession, EndsWithoutAPong) {
  Session session(Transport::WebSocket, kStart);
  EXPECT_EQ(session.on_time(at(300), kTimes), TimeStep::SendPing);
  EXPECT_EQ(session.on_packet({.data = "a message is no pong"}, at(350)), Step::Deliver);
  EXPECT_EQ(session.on_time(at(499), kTimes), TimeStep::Wait);
  EXPECT_EQ(session.on_time(at(500), kTimes), TimeStep::Close);
  EXPECT_EQ(session.close_reason(), CloseReason::PingTimeout);
}

TEST(EngineioSession, IsAskedByItsClientInVersion3) {
  Session session(Transport::Polling, kStart, Version::V3);
  EXPECT_EQ(session.deadline(kTimes), at(500));
  EXPECT_EQ(session.on_time(at(499), kTimes), TimeStep::Wait);
  EXPECT_EQ(session.on_packet(kPing, at(400)), Step::Answer);
  EXPECT_EQ(session.deadline(kTimes), at(900));
  EXPECT_EQ(session.on_packet({.data = "a message is no ping"}, at(600)), Step::Deliver);
  EXPECT_EQ(session.on_time(at(899), kTimes), TimeStep::Wait);
  EXPECT_EQ(session.on_time(at(900), kTimes), TimeStep::Close);
  EXPECT_EQ(session.close_reason(), CloseReason::PingTimeout);
}

TEST(EngineioSession, IsAnsweredByNobodyInVersion3) {
  Session session(Transport::WebSocket, kStart, Version::V3);
  EXPECT_EQ(session.on_packet(kPong, at(10)), Step::Close);
  EXPECT_EQ(session.close_reason(), CloseReason::TransportError);
}

TEST(EngineioSession, CountsFromWhenAPingWasDue) {
  Session session(Transport::Polling, kStart);
  EXPECT_EQ(session.on_time(at(310), kTimes), TimeStep::SendPing);
  EXPECT_EQ(session.deadline(kTimes), at(500));
}

TEST(EngineioSession, GivesTheWholeTimeAfterAPingThatWasLate) {
  Session session(Transport::Polling, kStart);
  EXPECT_EQ(session.on_time(at(900), kTimes), TimeStep::SendPing);
  EXPECT_EQ(session.on_time(at(900), kTimes), TimeStep::Wait);
  EXPECT_EQ(session.deadline(kTimes), at(1100));
}

// --- Packets
// --------------------------------------------------------------------------------------

TEST(EngineioSession, EndsOnAClientsOwnPing) {
  Session session(Transport::WebSocket, kStart);
  EXPECT_EQ(session.on_packet(kPing, at(1)), Step::Close);
  EXPECT_EQ(session.close_reason(), CloseReason::TransportError);
}

TEST(EngineioSession, EndsWhenTheClientSaysSo) {
  Session session(Transport::Polling, kStart);
  EXPECT_EQ(session.on_packet({.type = PacketType::Close}, at(1)), Step::Close);
  EXPECT_EQ(session.close_reason(), CloseReason::TransportClosed);
}

TEST(EngineioSession, EndsOnWhatIsNoPacket) {
  Session session(Transport::Polling, kStart);
  EXPECT_EQ(session.on_bad_packet(), Step::Close);
  EXPECT_EQ(session.close_reason(), CloseReason::ParseError);
}

TEST(EngineioSession, PassesOverWhatMeansNothingNow) {
  Session session(Transport::WebSocket, kStart);
  for (const PacketType type : {PacketType::Open, PacketType::Upgrade, PacketType::Noop}) {
    EXPECT_EQ(session.on_packet({.type = type}, at(1)), Step::None);
  }
}

// --- The upgrade
// ----------------------------------------------------------------------------------

TEST(EngineioSession, UpgradesOnceItsProbeIsAnswered) {
  Session session(Transport::Polling, kStart);
  ASSERT_TRUE(session.begin_probe(at(10)));
  EXPECT_FALSE(session.poll_release_due());
  EXPECT_EQ(session.on_probe_packet(kProbePing, at(20)), ProbeStep::Answer);
  EXPECT_EQ(session.poll_release_due(), at(20));
  EXPECT_EQ(session.on_packet({.data = "still by polling"}, at(25)), Step::Deliver);
  EXPECT_EQ(session.transport(), Transport::Polling);
  EXPECT_EQ(session.on_probe_packet(kUpgrade, at(30)), ProbeStep::Upgrade);
  EXPECT_EQ(session.transport(), Transport::WebSocket);
  EXPECT_FALSE(session.poll_release_due());
  EXPECT_FALSE(session.begin_probe(at(40)));
}

TEST(EngineioSession, ReleasesPollsAtAPace) {
  Session session(Transport::Polling, kStart);
  ASSERT_TRUE(session.begin_probe(at(0)));
  EXPECT_EQ(session.on_probe_packet(kProbePing, at(5)), ProbeStep::Answer);
  session.on_poll_released(at(5));
  EXPECT_EQ(session.poll_release_due(), at(105));
}

TEST(EngineioSession, HasOneProbeAtATime) {
  Session session(Transport::Polling, kStart);
  ASSERT_TRUE(session.begin_probe(at(0)));
  EXPECT_FALSE(session.begin_probe(at(1)));
  session.end_probe();
  EXPECT_TRUE(session.begin_probe(at(2)));
}

TEST(EngineioSession, HasNothingToUpgradeOverAWebSocket) {
  Session session(Transport::WebSocket, kStart);
  EXPECT_FALSE(session.begin_probe(at(0)));
}

TEST(EngineioSession, GoesOnWithoutAProbeThatSaysAnythingElse) {
  for (const Packet& packet : {kPing, kPong, Packet{.data = "hello"}}) {
    Session session(Transport::Polling, kStart);
    ASSERT_TRUE(session.begin_probe(at(0)));
    EXPECT_EQ(session.on_probe_packet(packet, at(1)), ProbeStep::Drop);
    EXPECT_EQ(session.transport(), Transport::Polling);
    EXPECT_TRUE(session.begin_probe(at(2)));
  }
}

/// Suites send both in one go, before they have read the answer.
TEST(EngineioSession, TakesAnUpgradeThatWasNotProbed) {
  Session session(Transport::Polling, kStart);
  ASSERT_TRUE(session.begin_probe(at(0)));
  EXPECT_EQ(session.on_probe_packet(kUpgrade, at(1)), ProbeStep::Upgrade);
}

TEST(EngineioSession, DropsAProbeThatTakesTooLong) {
  Session session(Transport::Polling, kStart);
  ASSERT_TRUE(session.begin_probe(at(10)));
  EXPECT_EQ(session.on_time(at(300), kTimes), TimeStep::SendPing);
  session.on_packet(kPong, at(900));
  EXPECT_EQ(session.deadline(kTimes), at(1010));
  EXPECT_EQ(session.on_time(at(1010), kTimes), TimeStep::DropProbe);
  EXPECT_EQ(session.on_time(at(1010), kTimes), TimeStep::Wait);
  EXPECT_EQ(session.deadline(kTimes), at(1200));
}

TEST(EngineioSession, HasAReasonOfItsOwnForEachEnd) {
  std::set<std::string_view> texts;
  for (const CloseReason reason :
       {CloseReason::TransportClosed, CloseReason::TransportError, CloseReason::PingTimeout,
        CloseReason::ParseError, CloseReason::ForcedClose, CloseReason::ServerShuttingDown}) {
    EXPECT_TRUE(texts.insert(describe(reason)).second);
  }
  EXPECT_EQ(describe(CloseReason::PingTimeout), "ping timeout");
}

}  // namespace
}  // namespace carillon::engineio
