// The outbox policies as a subscriber meets them.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/hub/reader.hpp"

namespace carillon::hub {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

NamespaceTable policies() {
  NamespaceSettings drops;
  drops.outbox_policy = OutboxPolicy::DropOldest;
  drops.backlog_bytes =
      2 * make_publication(draft("drop:a", "a"), PublicationKind::Kept, {}, {})->footprint_bytes();
  NamespaceSettings conflates;
  conflates.outbox_policy = OutboxPolicy::Conflate;
  return NamespaceTable({}, {{"drop", drops}, {"conflate", conflates}});
}

class CongestionTest : public testing::Test {
 protected:
  CongestionTest() : town({.namespaces = policies()}) {}

  void say(const std::string& channel, const std::string& data, const std::string& key = {}) {
    publish(town.hub(0), draft(channel, data, {}, key));
    town.settle();
  }
  SubscriptionId subscribe(Reader& reader, const std::string& channel) {
    const SubscriptionId id = reader.subscribe(channel);
    town.settle();
    return id;
  }

  Town town;
};

TEST_F(CongestionTest, UnderDisconnectACongestedSubscriberIsServedAllTheSame) {
  Reader reader(town, 0);
  subscribe(reader, "chat");
  reader.is_congested = true;
  say("chat", "a");
  EXPECT_THAT(reader.heard, ElementsAre("a"));
}

TEST_F(CongestionTest, WhatIsKeptComesWhenTheSubscriberHasDrained) {
  Reader reader(town, 0);
  const SubscriptionId id = subscribe(reader, "drop:a");
  say("drop:a", "a");
  reader.is_congested = true;
  say("drop:a", "b");
  EXPECT_THAT(reader.heard, ElementsAre("a"));
  reader.is_congested = false;
  say("drop:a", "c");
  EXPECT_THAT(reader.heard, ElementsAre("a")) << "nothing overtakes what is kept";
  town.hub(0).on_drained(id);
  EXPECT_THAT(reader.heard, ElementsAre("a", "b", "c"));
  say("drop:a", "d");
  EXPECT_THAT(reader.heard, ElementsAre("a", "b", "c", "d"));
  EXPECT_TRUE(reader.was_whole);
}

TEST_F(CongestionTest, DropOldestKeepsTheNewestAndTellsAGap) {
  Reader reader(town, 0);
  const SubscriptionId id = subscribe(reader, "drop:a");
  reader.is_congested = true;
  for (const char* data : {"a", "b", "c", "d"}) say("drop:a", data);
  reader.is_congested = false;
  town.hub(0).on_drained(id);
  EXPECT_THAT(reader.heard, ElementsAre("gap 2", "c", "d"));
  EXPECT_EQ(town.counts(0).dropped_oldest, 2U);
  EXPECT_EQ(town.counts(0).gaps_told, 1U);
}

TEST_F(CongestionTest, ConflateKeepsTheLatestOfEachKeyAndIsAnnounced) {
  Reader reader(town, 0);
  const SubscriptionId id = subscribe(reader, "conflate:a");
  EXPECT_FALSE(reader.answer().contiguous);
  say("conflate:a", "x1", "x");
  say("conflate:a", "x2", "x");
  EXPECT_THAT(reader.heard, ElementsAre("x1", "x2")) << "all, as long as it keeps up";
  reader.is_congested = true;
  for (const char* data : {"x3", "x4"}) say("conflate:a", data, "x");
  say("conflate:a", "y1", "y");
  reader.is_congested = false;
  reader.heard.clear();
  town.hub(0).on_drained(id);
  EXPECT_THAT(reader.heard, ElementsAre("x4", "y1"));
  EXPECT_EQ(reader.position.offset, 5U);
}

TEST_F(CongestionTest, HandingOverStopsWhenTheSubscriberIsCongestedAgain) {
  Reader reader(town, 0);
  const SubscriptionId id = subscribe(reader, "conflate:a");
  reader.is_congested = true;
  for (int number = 0; number < 100; ++number) say("conflate:a", std::to_string(number));
  reader.is_congested = false;
  reader.then = [&] { reader.is_congested = true; };
  town.hub(0).on_drained(id);
  EXPECT_LT(reader.heard.size(), 100U);
  reader.is_congested = false;
  town.hub(0).on_drained(id);
  EXPECT_EQ(reader.heard.size(), 100U);
  EXPECT_EQ(reader.heard.back(), "99");
  EXPECT_EQ(town.counts(0).backlog_bytes, 0U);
}

TEST_F(CongestionTest, ASubscriberMayEndWhileItsBacklogIsHandedOver) {
  auto reader = std::make_unique<Reader>(town, 0);
  const SubscriptionId id = subscribe(*reader, "conflate:a");
  reader->is_congested = true;
  for (int number = 0; number < 100; ++number) say("conflate:a", std::to_string(number));
  reader->is_congested = false;
  reader->then = [&] { reader.reset(); };
  town.hub(0).on_drained(id);
  EXPECT_EQ(reader, nullptr);
  EXPECT_EQ(town.counts(0).backlog_bytes, 0U);
}

TEST_F(CongestionTest, ASubscriberMayEndWhenItIsToldAGap) {
  auto reader = std::make_unique<Reader>(town, 0);
  const SubscriptionId id = subscribe(*reader, "drop:a");
  reader->is_congested = true;
  for (const char* data : {"a", "b", "c", "d"}) say("drop:a", data);
  reader->is_congested = false;
  reader->then = [&] { reader.reset(); };
  town.hub(0).on_drained(id);
  EXPECT_EQ(town.counts(0).gaps_told, 1U);
  EXPECT_EQ(town.counts(0).deliveries, 0U);
}

TEST_F(CongestionTest, DrainingWithoutABacklogIsQuiet) {
  Reader reader(town, 0);
  const SubscriptionId id = subscribe(reader, "drop:a");
  town.hub(0).on_drained(id);
  town.hub(0).unsubscribe(id);
  town.hub(0).on_drained(id);
  EXPECT_THAT(reader.heard, IsEmpty());
}

TEST_F(CongestionTest, TheOctetsOfACongestedBatchAreEncodedOnce) {
  Reader first(town, 0);
  Reader second(town, 0);
  const SubscriptionId one = subscribe(first, "drop:a");
  const SubscriptionId two = subscribe(second, "drop:a");
  first.is_congested = second.is_congested = true;
  say("drop:a", "a");
  first.is_congested = second.is_congested = false;
  town.hub(0).on_drained(one);
  town.hub(0).on_drained(two);
  EXPECT_EQ(town.counts(0).encodings, 1U);
  EXPECT_THAT(second.heard, ElementsAre("a"));
}

}  // namespace
}  // namespace carillon::hub
