#include "hub/flush_pacer.hpp"

#include <gtest/gtest.h>

#include "hub/limits.hpp"

namespace carillon::hub {
namespace {

using std::chrono::microseconds;
using namespace std::chrono_literals;

constexpr microseconds kInterval = 5ms;

/// A channel whose publications come at a steady pace, and a clock.
struct Channel {
  /// For that long; each publication is flushed when the pacer lets it. Returns the flushes.
  int publish(microseconds every, microseconds time) {
    int flushes = 0;
    const std::int64_t end = now.microseconds + time.count();
    for (std::int64_t next = now.microseconds; now.microseconds < end; now.microseconds += 100) {
      for (; next <= now.microseconds; next += every.count()) ++waiting;
      if (flush_if_due()) ++flushes;
    }
    return flushes;
  }
  /// The next is published when the last was heard, `answer` after its flush.
  int publish_in_lockstep(microseconds answer, microseconds time) {
    int flushes = 0;
    const std::int64_t end = now.microseconds + time.count();
    while (now.microseconds < end) {
      waiting = 1;
      while (!flush_if_due()) now.microseconds += 100;
      now.microseconds += answer.count();
      ++flushes;
    }
    return flushes;
  }
  bool flush_if_due() {
    if (waiting == 0 || pacer.hold(now, kInterval) > 0us) return false;
    pacer.on_flush(now, kInterval, waiting, subscribers);
    waiting = 0;
    return true;
  }
  bool holds() {
    waiting = 1;
    flush_if_due();
    return pacer.hold(now, kInterval) > 0us;
  }

  FlushPacer pacer;
  std::size_t subscribers = 1'000;
  std::size_t waiting = 0;
  Timestamp now{1'700'000'000'000'000};
};

TEST(FlushPacerTest, AQuietChannelNeverWaits) {
  Channel channel;
  EXPECT_EQ(channel.publish(10ms, 5s), 500);
  EXPECT_FALSE(channel.holds());
}

TEST(FlushPacerTest, ABusyChannelIsFlushedOncePerInterval) {
  Channel channel;
  channel.publish(1ms, 200ms);  // it takes a window to be noticed
  const int flushes = channel.publish(1ms, 1s);
  EXPECT_GE(flushes, 190);
  EXPECT_LE(flushes, 230) << "1,000 publications, 5 ms apart less what rounding up gives back";
}

TEST(FlushPacerTest, TheWaitIsLessThanTheInterval) {
  Channel channel;
  channel.publish(1ms, 300ms);
  ASSERT_TRUE(channel.holds());
  EXPECT_LT(channel.pacer.hold(channel.now, kInterval), kInterval);
  channel.now.microseconds += kInterval.count();
  EXPECT_EQ(channel.pacer.hold(channel.now, kInterval), 0us);
}

TEST(FlushPacerTest, WhatWasBusyAndIsQuietDoesNotWait) {
  Channel channel;
  channel.publish(1ms, 300ms);
  channel.now.microseconds += microseconds(1s).count();
  channel.waiting = 1;
  EXPECT_TRUE(channel.flush_if_due());
  EXPECT_EQ(channel.pacer.hold(channel.now, kInterval), 0us);
}

TEST(FlushPacerTest, AChannelOfFewIsNotWorthAWait) {
  Channel channel;
  channel.subscribers = 1;
  EXPECT_EQ(channel.publish(1ms, 1s), 1'000);
}

TEST(FlushPacerTest, WhoWaitForEachOtherAreLeftAlone) {
  Channel channel;
  const int flushes = channel.publish_in_lockstep(1ms, 60s);
  EXPECT_GT(flushes, 57'000) << "of 60,000 without any hold";
}

TEST(FlushPacerTest, ThatIsForgottenWhenHoldingHelpsAgain) {
  Channel channel;
  channel.publish_in_lockstep(1ms, 60s);
  channel.publish(1ms, microseconds(limits::kPaceWindow) * (limits::kPaceRest + 2));
  EXPECT_LE(channel.publish(1ms, 1s), 250);
}

TEST(FlushPacerTest, AClockThatIsSetBackOrForwardHoldsNothing) {
  Channel channel;
  channel.publish(1ms, 300ms);
  ASSERT_TRUE(channel.holds());
  const Timestamp before = channel.now;
  channel.now.microseconds -= microseconds(1h).count();
  EXPECT_EQ(channel.pacer.hold(channel.now, kInterval), 0us);
  channel.now.microseconds = before.microseconds + microseconds(1h).count();
  EXPECT_EQ(channel.pacer.hold(channel.now, kInterval), 0us);
  channel.now.microseconds = before.microseconds - microseconds(1h).count();
  EXPECT_EQ(channel.publish(10ms, 1s), 100);
}

}  // namespace
}  // namespace carillon::hub
