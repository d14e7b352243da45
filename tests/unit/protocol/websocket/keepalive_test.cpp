#include "protocol/websocket/keepalive.hpp"

#include <gtest/gtest.h>

namespace carillon::websocket {
namespace {

using namespace std::chrono_literals;

constexpr TimePoint kStart{1000s};
constexpr KeepaliveLimits kLimits{.ping_interval = 25s, .pong_timeout = 20s};

TEST(Keepalive, PingsAfterTheIntervalOfSilence) {
  Keepalive keepalive(kStart);
  EXPECT_EQ(keepalive.deadline(kLimits), kStart + 25s);
  EXPECT_EQ(keepalive.on_time(kStart + 25s - 1ns, kLimits), KeepaliveAction::Wait);
  EXPECT_EQ(keepalive.on_time(kStart + 25s, kLimits), KeepaliveAction::SendPing);
}

TEST(Keepalive, PingsOnceAndThenWaits) {
  Keepalive keepalive(kStart);
  EXPECT_EQ(keepalive.on_time(kStart + 26s, kLimits), KeepaliveAction::SendPing);
  EXPECT_EQ(keepalive.deadline(kLimits), kStart + 46s);
  EXPECT_EQ(keepalive.on_time(kStart + 26s, kLimits), KeepaliveAction::Wait);
  EXPECT_EQ(keepalive.on_time(kStart + 46s - 1ns, kLimits), KeepaliveAction::Wait);
}

TEST(Keepalive, GivesUpWhenNothingAnswersThePing) {
  Keepalive keepalive(kStart);
  EXPECT_EQ(keepalive.on_time(kStart + 25s, kLimits), KeepaliveAction::SendPing);
  EXPECT_EQ(keepalive.on_time(kStart + 45s, kLimits), KeepaliveAction::GiveUp);
}

TEST(Keepalive, TakesAnythingThatArrivesForASignOfLife) {
  Keepalive keepalive(kStart);
  EXPECT_EQ(keepalive.on_time(kStart + 25s, kLimits), KeepaliveAction::SendPing);
  keepalive.on_received(kStart + 44s);
  EXPECT_EQ(keepalive.on_time(kStart + 45s, kLimits), KeepaliveAction::Wait);
  EXPECT_EQ(keepalive.deadline(kLimits), kStart + 69s);
  EXPECT_EQ(keepalive.on_time(kStart + 69s, kLimits), KeepaliveAction::SendPing);
}

TEST(Keepalive, NeverPingsAPeerThatKeepsTalking) {
  Keepalive keepalive(kStart);
  for (TimePoint now = kStart; now < kStart + 1000s; now += 24s) {
    EXPECT_EQ(keepalive.on_time(now, kLimits), KeepaliveAction::Wait);
    keepalive.on_received(now);
  }
}

TEST(Keepalive, ThatIsAskedLateStillGivesThePingItsWholeTime) {
  Keepalive keepalive(kStart);
  EXPECT_EQ(keepalive.on_time(kStart + 500s, kLimits), KeepaliveAction::SendPing);
  EXPECT_EQ(keepalive.on_time(kStart + 519s, kLimits), KeepaliveAction::Wait);
  EXPECT_EQ(keepalive.on_time(kStart + 520s, kLimits), KeepaliveAction::GiveUp);
}

}  // namespace
}  // namespace carillon::websocket
