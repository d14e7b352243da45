#include "hub/backlog.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace carillon::hub {
namespace {

using testing::ElementsAre;

const Epoch kEpoch = *Epoch::parse("here");

class BacklogTest : public testing::Test {
 protected:
  PublicationPtr make(const std::string& data, const std::string& key = {}) {
    PublicationDraft draft;
    draft.data = data;
    draft.key = key;
    return make_publication(std::move(draft), PublicationKind::Kept, {kEpoch, ++offset_}, {});
  }
  void push(Backlog& backlog, const std::string& data, const std::string& key = {}) {
    backlog.push(make(data, key), SharedBytes(data));
  }
  static std::vector<std::string> drain(Backlog& backlog) {
    std::vector<std::string> all;
    while (!backlog.is_empty()) {
      const Backlog::Piece piece = backlog.take(2);
      if (piece.is_gap) all.push_back("gap " + std::to_string(piece.position.offset));
      for (std::size_t index = 0; index < piece.publications.size(); ++index) {
        EXPECT_EQ(piece.messages[index].view(), piece.publications[index]->data);
        all.push_back(piece.publications[index]->data);
      }
      EXPECT_TRUE(piece.is_gap || !piece.publications.empty());
    }
    return all;
  }
  std::size_t size_of(int publications) {
    return make("x")->footprint_bytes() * static_cast<std::size_t>(publications);
  }

  HubCounts counts;
  std::uint64_t offset_ = 0;
};

TEST_F(BacklogTest, GivesBackWhatItWasGivenInOrder) {
  Backlog backlog(OutboxPolicy::DropOldest, 1'000'000, {kEpoch, 0}, counts);
  for (const char* data : {"a", "b", "c"}) push(backlog, data);
  EXPECT_GT(counts.backlog_bytes, 0U);
  const Backlog::Piece piece = backlog.take(2);
  EXPECT_EQ(piece.position, (Position{kEpoch, 2}));
  EXPECT_THAT(drain(backlog), ElementsAre("c"));
  EXPECT_EQ(counts.backlog_bytes, 0U);
}

TEST_F(BacklogTest, OverItsLimitItDropsTheOldestAndTellsAGapFirst) {
  Backlog backlog(OutboxPolicy::DropOldest, size_of(2), {kEpoch, 0}, counts);
  offset_ = 0;
  for (const char* data : {"a", "b", "c", "d", "e"}) push(backlog, data, "same");
  EXPECT_EQ(counts.dropped_oldest, 3U);
  EXPECT_THAT(drain(backlog), ElementsAre("gap 3", "d", "e"));
}

TEST_F(BacklogTest, OneThatIsLargerThanTheLimitIsKept) {
  Backlog backlog(OutboxPolicy::DropOldest, 10, {kEpoch, 0}, counts);
  push(backlog, "a");
  push(backlog, "b");
  EXPECT_THAT(drain(backlog), ElementsAre("gap 1", "b"));
}

TEST_F(BacklogTest, AnEphemeralThatIsDroppedIsNoGap) {
  Backlog backlog(OutboxPolicy::DropOldest, 10, {kEpoch, 0}, counts);
  PublicationDraft typing;
  typing.data = "typing";
  backlog.push(make_publication(std::move(typing), PublicationKind::Ephemeral, {kEpoch, 0}, {}),
               SharedBytes("typing"));
  push(backlog, "a");
  EXPECT_THAT(drain(backlog), ElementsAre("a"));
}

TEST_F(BacklogTest, AGapKeepsItsPlace) {
  Backlog backlog(OutboxPolicy::DropOldest, 1'000'000, {kEpoch, 0}, counts);
  push(backlog, "a");
  backlog.push_gap({kEpoch, 7});
  backlog.push_gap({kEpoch, 9});
  offset_ = 9;
  push(backlog, "b");
  EXPECT_THAT(drain(backlog), ElementsAre("a", "gap 9", "b"));
}

TEST_F(BacklogTest, AGapBeforeAnythingElseComesFirst) {
  Backlog backlog(OutboxPolicy::DropOldest, 1'000'000, {kEpoch, 0}, counts);
  backlog.push_gap({kEpoch, 3});
  EXPECT_FALSE(backlog.is_empty());
  offset_ = 3;
  push(backlog, "a");
  EXPECT_THAT(drain(backlog), ElementsAre("gap 3", "a"));
}

TEST_F(BacklogTest, ADroppedGapIsStillTold) {
  Backlog backlog(OutboxPolicy::DropOldest, 10, {kEpoch, 0}, counts);
  push(backlog, "a");
  backlog.push_gap({kEpoch, 5});
  offset_ = 5;
  push(backlog, "b");
  push(backlog, "c");
  EXPECT_THAT(drain(backlog), ElementsAre("gap 6", "c"));
}

TEST_F(BacklogTest, ConflateKeepsTheLatestOfEachKeyAndAllWithoutOne) {
  Backlog backlog(OutboxPolicy::Conflate, 1'000'000, {kEpoch, 0}, counts);
  push(backlog, "x1", "x");
  push(backlog, "free 1");
  push(backlog, "y1", "y");
  push(backlog, "x2", "x");
  push(backlog, "free 2");
  push(backlog, "x3", "x");
  EXPECT_EQ(counts.conflated, 2U);
  EXPECT_THAT(drain(backlog), ElementsAre("free 1", "y1", "free 2", "x3"));
  EXPECT_EQ(counts.backlog_bytes, 0U);
}

TEST_F(BacklogTest, ConflateStillWorksAfterSomeWereTaken) {
  Backlog backlog(OutboxPolicy::Conflate, 1'000'000, {kEpoch, 0}, counts);
  push(backlog, "x1", "x");
  push(backlog, "y1", "y");
  push(backlog, "z1", "z");
  backlog.take(2);
  push(backlog, "x2", "x");
  push(backlog, "z2", "z");
  EXPECT_THAT(drain(backlog), ElementsAre("x2", "z2"));
}

TEST_F(BacklogTest, ConflateOverItsLimitDropsTheOldest) {
  Backlog backlog(OutboxPolicy::Conflate, size_of(2), {kEpoch, 0}, counts);
  offset_ = 0;
  push(backlog, "x1", "x");
  push(backlog, "y1", "y");
  push(backlog, "x2", "x");
  push(backlog, "z1", "z");
  EXPECT_THAT(drain(backlog), ElementsAre("gap 2", "x2", "z1"));
}

TEST_F(BacklogTest, AMillionUpdatesOfOneKeyTakeTheRoomOfOne) {
  Backlog backlog(OutboxPolicy::Conflate, 1'000'000, {kEpoch, 0}, counts);
  push(backlog, "first");
  for (int number = 0; number < 100'000; ++number) push(backlog, std::to_string(number), "x");
  EXPECT_LT(backlog.item_count(), 200U);
  EXPECT_THAT(drain(backlog), ElementsAre("first", "99999"));
}

TEST_F(BacklogTest, WhatIsLeftAtTheEndIsNoLongerCounted) {
  {
    Backlog backlog(OutboxPolicy::Conflate, 1'000, {kEpoch, 0}, counts);
    push(backlog, "a");
  }
  EXPECT_EQ(counts.backlog_bytes, 0U);
}

}  // namespace
}  // namespace carillon::hub
