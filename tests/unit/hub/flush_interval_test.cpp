// A hub whose namespace has a flush interval: what is held, for how long, and what is not.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <deque>
#include <string>

#include "tests/unit/hub/reader.hpp"

namespace carillon::hub {
namespace {

using std::chrono::microseconds;
using namespace std::chrono_literals;

constexpr std::size_t kReaders = 100;

/// A channel with an interval, and one without; both have many readers.
struct Crowd {
  Crowd()
      : town({.namespaces = NamespaceTable(
                  {}, {{"busy", {.flush_interval = 5ms}}, {"eager", {.flush_interval = 0ms}}})}) {
    for (std::size_t index = 0; index < kReaders; ++index) {
      readers.emplace_back(town, 0).subscribe("busy:one");
      readers.back().subscribe("eager:one");
    }
    town.settle();
  }

  void say(const std::string& channel, const std::string& data) {
    publish(town.hub(0), draft(channel, data));
    town.settle();
  }
  /// A publication each millisecond, until the pace has been noticed.
  void make_busy(const std::string& channel) {
    for (int at = 0; at < 300; ++at) {
      say(channel, std::to_string(at));
      pass(1ms);
    }
    pass(10ms);
    for (Reader& reader : readers) {
      reader.heard.clear();
      reader.deliveries = 0;
    }
  }
  void pass(microseconds time) {
    town.clock.advance(time);
    town.settle();
  }
  Reader& first() { return readers.front(); }

  Town town;
  std::deque<Reader> readers;
};

TEST(FlushIntervalTest, PublicationsOfABusyChannelShareAFlush) {
  Crowd crowd;
  crowd.make_busy("busy:one");
  crowd.say("busy:one", "a");
  EXPECT_THAT(crowd.first().heard, testing::ElementsAre("a")) << "the last flush is long ago";
  crowd.say("busy:one", "b");
  crowd.pass(2ms);
  crowd.say("busy:one", "c");
  EXPECT_THAT(crowd.first().heard, testing::ElementsAre("a"));
  const auto next = crowd.town.hub(0).next_flush();
  ASSERT_TRUE(next);
  EXPECT_GT(*next, 0ms);
  EXPECT_LE(*next, 3ms);
  crowd.pass(std::chrono::duration_cast<microseconds>(*next));
  EXPECT_THAT(crowd.first().heard, testing::ElementsAre("a", "b", "c"));
  EXPECT_EQ(crowd.first().deliveries, 2U);
  EXPECT_THAT(crowd.readers.back().heard, testing::ElementsAre("a", "b", "c"));
  EXPECT_FALSE(crowd.town.hub(0).next_flush());
  EXPECT_GT(crowd.town.counts(0).held_flushes, 0U);
}

TEST(FlushIntervalTest, ZeroTurnsItOff) {
  Crowd crowd;
  crowd.make_busy("eager:one");
  crowd.say("eager:one", "a");
  crowd.say("eager:one", "b");
  EXPECT_THAT(crowd.first().heard, testing::ElementsAre("a", "b"));
  EXPECT_EQ(crowd.town.counts(0).held_flushes, 0U);
}

TEST(FlushIntervalTest, OtherChannelsDoNotWaitForABusyOne) {
  Crowd crowd;
  crowd.make_busy("busy:one");
  crowd.say("busy:one", "a");
  crowd.say("busy:one", "b");
  crowd.say("eager:one", "c");
  EXPECT_THAT(crowd.first().heard, testing::ElementsAre("a", "c"));
}

TEST(FlushIntervalTest, ABatchThatIsLargeEnoughDoesNotWait) {
  Crowd crowd;
  crowd.make_busy("busy:one");
  crowd.say("busy:one", "a");
  crowd.say("busy:one", std::string(limits::kHeldBytes, 'x'));
  EXPECT_EQ(crowd.first().heard.size(), 2U);
}

TEST(FlushIntervalTest, WhoComesWhileAFlushIsHeldHearsWhatFollowsAndNothingTwice) {
  Crowd crowd;
  crowd.make_busy("busy:one");
  crowd.say("busy:one", "a");
  const Position before = crowd.first().position;
  crowd.say("busy:one", "held");
  Reader late(crowd.town, 0);
  late.subscribe("busy:one", After{before});
  crowd.town.settle();
  EXPECT_THAT(late.missed(), testing::ElementsAre("held"));
  crowd.say("busy:one", "b");
  crowd.pass(10ms);
  EXPECT_THAT(late.heard, testing::ElementsAre("b"));
  EXPECT_THAT(crowd.first().heard, testing::ElementsAre("a", "held", "b"));
}

TEST(FlushIntervalTest, AHeldChannelSurvivesItsLastReader) {
  Crowd crowd;
  crowd.make_busy("busy:one");
  crowd.say("busy:one", "a");
  crowd.say("busy:one", "b");
  ASSERT_TRUE(crowd.town.hub(0).next_flush());
  for (Reader& reader : crowd.readers) reader.hub().unsubscribe(reader.ids.front());
  crowd.town.hub(0).on_time();
  crowd.pass(10ms);
  EXPECT_FALSE(crowd.town.hub(0).next_flush());
  crowd.town.wait(std::chrono::duration_cast<std::chrono::milliseconds>(2 * limits::kLinger));
  EXPECT_EQ(crowd.town.counts(0).local_channels, 1U) << "the one without an interval";
}

}  // namespace
}  // namespace carillon::hub
