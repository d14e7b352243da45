#include "cluster/channel_log.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

namespace carillon::cluster {
namespace {

using hub::After;
using hub::Before;
using hub::Continuity;
using hub::Latest;
using hub::Page;
using hub::Since;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::int64_t kSecond = 1'000'000;
const Epoch kEpoch = *Epoch::parse("here");
const Epoch kOther = *Epoch::parse("elsewhere");

/// A log whose publications are a second apart: number n is at kStart + n seconds.
class ChannelLogTest : public testing::Test {
 protected:
  static constexpr std::int64_t kStart = 1'000 * kSecond;

  static Timestamp at(std::int64_t number) { return {kStart + number * kSecond}; }
  static Position position(std::uint64_t offset) { return {kEpoch, offset}; }

  void append(std::size_t count) {
    for (; count > 0; --count) {
      const Timestamp now = at(static_cast<std::int64_t>(log.next_position().offset));
      hub::PublicationDraft draft;
      draft.channel = "chat";
      draft.data = std::to_string(log.next_position().offset);
      log.append(hub::make_publication(std::move(draft), hub::PublicationKind::Kept,
                                       log.next_position(), log.next_timestamp(now)));
    }
  }
  void drop(std::size_t count) {
    for (; count > 0; --count) log.drop_oldest();
  }
  static std::vector<std::uint64_t> offsets(const Page& page) {
    std::vector<std::uint64_t> result;
    for (const auto& publication : page.publications) {
      result.push_back(publication->position.offset);
    }
    return result;
  }

  ChannelLog log{Numbering{.epoch = kEpoch, .last_offset = 0, .last_timestamp = {kStart}}};
};

TEST_F(ChannelLogTest, AnEmptyLogStandsAtOffsetZero) {
  EXPECT_EQ(log.top(), position(0));
  EXPECT_EQ(log.oldest(), position(0));
  const Page page = log.read(After{position(0)}, 10);
  EXPECT_EQ(page.continuity, Continuity::Unbroken);
  EXPECT_EQ(page.position, position(0));
  EXPECT_TRUE(page.at_end);
}

TEST_F(ChannelLogTest, TimestampsIncreaseWhenTheClockDoesNot) {
  append(1);
  EXPECT_EQ(log.next_timestamp(at(1)).microseconds, at(1).microseconds + 1);
  EXPECT_EQ(log.next_timestamp(at(0)).microseconds, at(1).microseconds + 1);
  EXPECT_EQ(log.next_timestamp(at(9)), at(9));
}

TEST_F(ChannelLogTest, AfterGivesTheOldestOfWhatFollows) {
  append(5);
  const Page page = log.read(After{position(1)}, 2);
  EXPECT_THAT(offsets(page), ElementsAre(2, 3));
  EXPECT_EQ(page.begin, position(1));
  EXPECT_EQ(page.position, position(3));
  EXPECT_EQ(page.top, position(5));
  EXPECT_FALSE(page.at_end);
  EXPECT_EQ(page.continuity, Continuity::Unbroken);
  EXPECT_TRUE(log.read(After{page.position}, 2).at_end);
}

TEST_F(ChannelLogTest, AfterTheTopThereIsNothingAndNothingIsBroken) {
  append(5);
  const Page page = log.read(After{position(5)}, 10);
  EXPECT_THAT(offsets(page), IsEmpty());
  EXPECT_EQ(page.position, position(5));
  EXPECT_EQ(page.continuity, Continuity::Unbroken);
  EXPECT_TRUE(page.at_end);
}

TEST_F(ChannelLogTest, AfterTheLastPrunedOneNothingIsMissing) {
  append(5);
  drop(2);
  EXPECT_EQ(log.read(After{position(2)}, 10).continuity, Continuity::Unbroken);
  EXPECT_THAT(offsets(log.read(After{position(2)}, 10)), ElementsAre(3, 4, 5));
}

TEST_F(ChannelLogTest, AfterAPrunedPositionGivesWhatIsRetainedAndSaysSo) {
  append(5);
  drop(2);
  const Page page = log.read(After{position(1)}, 2);
  EXPECT_EQ(page.continuity, Continuity::Pruned);
  EXPECT_EQ(page.begin, position(2));
  EXPECT_THAT(offsets(page), ElementsAre(3, 4));
  EXPECT_EQ(page.oldest, position(2));
  EXPECT_FALSE(page.at_end);
}

TEST_F(ChannelLogTest, AfterAPositionOfAnotherEpochGivesAllThatIsRetained) {
  append(3);
  const Page page = log.read(After{{kOther, 2}}, 10);
  EXPECT_EQ(page.continuity, Continuity::OtherEpoch);
  EXPECT_THAT(offsets(page), ElementsAre(1, 2, 3));
  EXPECT_EQ(page.begin, position(0));
}

TEST_F(ChannelLogTest, AfterAFuturePositionGivesNothingAndTheTop) {
  append(3);
  const Page page = log.read(After{position(4)}, 10);
  EXPECT_EQ(page.continuity, Continuity::Future);
  EXPECT_THAT(offsets(page), IsEmpty());
  EXPECT_EQ(page.position, position(3));
}

TEST_F(ChannelLogTest, SinceIsExclusiveAndExact) {
  append(5);
  EXPECT_THAT(offsets(log.read(Since{at(2)}, 10)), ElementsAre(3, 4, 5));
  EXPECT_THAT(offsets(log.read(Since{{at(2).microseconds - 1}}, 10)), ElementsAre(2, 3, 4, 5));
  EXPECT_THAT(offsets(log.read(Since{{at(2).microseconds + 1}}, 2)), ElementsAre(3, 4));
}

TEST_F(ChannelLogTest, SinceTheNewestOrLaterContinuesAtTheTop) {
  append(5);
  for (const Timestamp since : {at(5), at(500)}) {
    const Page page = log.read(Since{since}, 10);
    EXPECT_THAT(offsets(page), IsEmpty());
    EXPECT_EQ(page.position, position(5));
    EXPECT_EQ(page.continuity, Continuity::Unbroken);
  }
}

TEST_F(ChannelLogTest, SinceTellsWhetherSomethingMayBeMissing) {
  append(5);
  EXPECT_EQ(log.read(Since{at(0)}, 10).continuity, Continuity::Unbroken);
  drop(2);
  EXPECT_EQ(log.read(Since{at(1)}, 10).continuity, Continuity::Pruned);
  EXPECT_EQ(log.read(Since{{at(2).microseconds - 1}}, 10).continuity, Continuity::Pruned);
  EXPECT_EQ(log.read(Since{at(2)}, 10).continuity, Continuity::Unbroken);
}

TEST_F(ChannelLogTest, SinceBeforeThisLifeOfTheChannelMayMissSomething) {
  append(1);
  EXPECT_EQ(log.read(Since{at(-1)}, 10).continuity, Continuity::Pruned);
}

TEST_F(ChannelLogTest, SinceTheStartOfTimeMissesOnlyWhatThisLifeHasPruned) {
  append(2);
  EXPECT_EQ(log.read(Since{Timestamp{}}, 10).continuity, Continuity::Unbroken);
  drop(1);
  EXPECT_EQ(log.read(Since{Timestamp{}}, 10).continuity, Continuity::Pruned);
}

TEST_F(ChannelLogTest, LatestGivesTheNewestOldestFirst) {
  append(5);
  const Page page = log.read(Latest{}, 2);
  EXPECT_THAT(offsets(page), ElementsAre(4, 5));
  EXPECT_EQ(page.begin, position(3));
  EXPECT_EQ(page.position, position(5));
  EXPECT_TRUE(page.at_end);
  EXPECT_THAT(offsets(log.read(Latest{}, 0)), IsEmpty());
  EXPECT_EQ(log.read(Latest{}, 0).position, position(5));
}

TEST_F(ChannelLogTest, BeforePagesBackToTheOldest) {
  append(6);
  drop(1);
  const Page first = log.read(Before{position(6)}, 2);
  EXPECT_THAT(offsets(first), ElementsAre(4, 5));
  EXPECT_EQ(first.position, position(4));
  EXPECT_FALSE(first.at_end);
  const Page second = log.read(Before{first.position}, 2);
  EXPECT_THAT(offsets(second), ElementsAre(2, 3));
  EXPECT_TRUE(second.at_end);
  EXPECT_EQ(second.continuity, Continuity::Unbroken);
  const Page third = log.read(Before{second.position}, 2);
  EXPECT_THAT(offsets(third), IsEmpty());
  EXPECT_EQ(third.continuity, Continuity::Pruned);
}

TEST_F(ChannelLogTest, BeforeTheFirstThereIsNothingAndNothingIsPruned) {
  append(3);
  for (const std::uint64_t offset : {0U, 1U}) {
    const Page page = log.read(Before{position(offset)}, 2);
    EXPECT_THAT(offsets(page), IsEmpty());
    EXPECT_EQ(page.continuity, Continuity::Unbroken);
    EXPECT_TRUE(page.at_end);
  }
}

TEST_F(ChannelLogTest, BeforeTheFutureIsBeforeTheTop) {
  append(3);
  EXPECT_THAT(offsets(log.read(Before{position(100)}, 2)), ElementsAre(2, 3));
}

TEST_F(ChannelLogTest, BeforeAPositionOfAnotherEpochThereIsNothing) {
  append(3);
  const Page page = log.read(Before{{kOther, 2}}, 2);
  EXPECT_THAT(offsets(page), IsEmpty());
  EXPECT_EQ(page.continuity, Continuity::OtherEpoch);
}

TEST_F(ChannelLogTest, PruningKeepsToTheCount) {
  append(5);
  EXPECT_EQ(log.prune({.history_count = 3}, at(5)).count, 2U);
  EXPECT_THAT(offsets(log.read(Latest{}, 10)), ElementsAre(3, 4, 5));
}

TEST_F(ChannelLogTest, PruningKeepsToTheAge) {
  append(5);
  EXPECT_EQ(log.prune({.history_age = std::chrono::seconds(3)}, at(6)).count, 3U);
  EXPECT_THAT(offsets(log.read(Latest{}, 10)), ElementsAre(4, 5));
}

TEST_F(ChannelLogTest, PruningKeepsToTheBytes) {
  append(5);
  const std::size_t all = log.bytes();
  const Pruned pruned = log.prune({.history_bytes = all - 1}, at(5));
  EXPECT_EQ(pruned.count, 1U);
  EXPECT_EQ(pruned.bytes + log.bytes(), all);
}

TEST_F(ChannelLogTest, AHistoryOfNothingStillNumbers) {
  append(3);
  EXPECT_EQ(log.prune({.history_count = 0}, at(3)).count, 3U);
  EXPECT_EQ(log.bytes(), 0U);
  EXPECT_EQ(log.next_position(), position(4));
  EXPECT_EQ(log.read(After{position(2)}, 10).continuity, Continuity::Pruned);
  EXPECT_EQ(log.read(After{position(3)}, 10).continuity, Continuity::Unbroken);
}

TEST_F(ChannelLogTest, ARingThatTurnsManyTimesGivesWhatAListWouldGive) {
  std::mt19937 random(7);
  for (int step = 0; step < 3'000; ++step) {
    if (random() % 3 != 0 || log.is_empty()) {
      append(random() % 4);
    } else {
      drop(1);
    }
    const std::uint64_t oldest = log.oldest().offset;
    const std::uint64_t from = oldest + random() % (log.size() + 1);
    std::uint64_t expected = from;
    for (const std::uint64_t offset : offsets(log.read(After{position(from)}, 100'000))) {
      ASSERT_EQ(offset, ++expected);
    }
    ASSERT_EQ(expected, log.top().offset);
    if (from > oldest) {
      const Page since = log.read(Since{at(static_cast<std::int64_t>(from))}, 1);
      ASSERT_EQ(since.begin, position(from));
    }
  }
}

}  // namespace
}  // namespace carillon::cluster
