#include "cluster/memory_broker.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/cluster/broker_fixture.hpp"

namespace carillon::cluster {
namespace {

using hub::After;
using hub::BrokerError;
using hub::Continuity;
using hub::Page;
using hub::Since;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

TEST(MemoryBroker, NumbersPublicationsFromOne) {
  Node node;
  node.clock.advance(seconds(1));
  const hub::Receipt first = node.publish("chat", "a").value();
  const hub::Receipt second = node.publish("chat", "b").value();
  EXPECT_EQ(first.position.offset, 1U);
  EXPECT_EQ(second.position, (Position{first.position.epoch, 2}));
  EXPECT_EQ(first.timestamp, node.clock.time);
  EXPECT_EQ(second.timestamp.microseconds, node.clock.time.microseconds + 1);
  EXPECT_FALSE(second.duplicate);
  EXPECT_THAT(data_of(node.read("chat")), ElementsAre("a", "b"));
}

TEST(MemoryBroker, KeepsEverythingAboutAPublication) {
  Node node;
  node.publish({.draft = {.channel = "chat",
                          .data = "\x01",
                          .data_kind = hub::DataKind::Binary,
                          .publisher = {.user = "ann", .client = {7}},
                          .key = "AAPL"},
                .dedupe = {}})
      .value();
  const hub::PublicationPtr kept = node.read("chat").publications.at(0);
  EXPECT_EQ(kept->channel, "chat");
  EXPECT_EQ(kept->data, "\x01");
  EXPECT_EQ(kept->data_kind, hub::DataKind::Binary);
  EXPECT_EQ(kept->user, "ann");
  EXPECT_EQ(kept->client, hub::ClientId{7});
  EXPECT_EQ(kept->key, "AAPL");
  EXPECT_TRUE(kept->is_kept());
}

TEST(MemoryBroker, ReadingNeverCreatesAChannelAndAReaderAtItsStartMissesNothing) {
  Node node;
  const Page before = node.read("chat");
  EXPECT_EQ(before.top.offset, 0U);
  EXPECT_NE(before.top.epoch, Epoch{});
  EXPECT_THAT(node.list().channels, IsEmpty());
  EXPECT_EQ(node.budget.live_channels.used(), 0U);
  node.publish("chat", "a").value();
  const Page page = node.read("chat", After{before.position});
  EXPECT_EQ(page.continuity, Continuity::Unbroken);
  EXPECT_THAT(data_of(page), ElementsAre("a"));
}

TEST(MemoryBroker, TellsTheListenerWhatIsSubscribedTo) {
  Node node;
  node.publish("chat", "before").value();
  const Page page = node.subscribe("chat", hub::Latest{}, 10);
  EXPECT_THAT(data_of(page), ElementsAre("before"));
  node.publish("chat", "a").value();
  node.publish("other", "b").value();
  ASSERT_THAT(node.ear.heard, SizeIs(1));
  EXPECT_EQ(node.ear.heard[0]->data, "a");
  EXPECT_EQ(node.ear.heard[0]->position.offset, page.top.offset + 1);
  node.broker.unsubscribe("chat");
  node.publish("chat", "c").value();
  EXPECT_THAT(node.ear.heard, SizeIs(1));
}

TEST(MemoryBroker, SubscribingToWhatIsNotThereYetHearsItsFirst) {
  Node node;
  const Page page = node.subscribe("chat");
  EXPECT_EQ(page.top.offset, 0U);
  EXPECT_EQ(node.budget.live_channels.used(), 0U);
  const hub::Receipt receipt = node.publish("chat", "a").value();
  EXPECT_EQ(receipt.position, (Position{page.top.epoch, 1}));
  EXPECT_THAT(node.ear.heard, SizeIs(1));
}

TEST(MemoryBroker, EphemeralsAreToldButNeitherNumberedNorKept) {
  Node node;
  node.subscribe("chat");
  node.publish("chat", "a").value();
  bool answered = false;
  node.broker.publish_ephemeral({.channel = "chat", .data = "typing", .publisher = {}, .key = {}},
                                [&](auto result) { answered = result.has_value(); });
  EXPECT_TRUE(answered);
  ASSERT_THAT(node.ear.heard, SizeIs(2));
  EXPECT_FALSE(node.ear.heard[1]->is_kept());
  EXPECT_EQ(node.ear.heard[1]->position.offset, 1U);
  EXPECT_THAT(data_of(node.read("chat")), ElementsAre("a"));
  EXPECT_EQ(node.publish("chat", "b").value().position.offset, 2U);
}

TEST(MemoryBroker, EphemeralsCreateNoChannel) {
  Node node;
  node.broker.publish_ephemeral({.channel = "chat", .data = "x", .publisher = {}, .key = {}},
                                [](auto) {});
  EXPECT_THAT(node.list().channels, IsEmpty());
}

TEST(MemoryBroker, KeepsToTheBoundsOfTheNamespace) {
  Node node({.history_count = 2, .history_age = seconds(10)});
  for (const char* data : {"a", "b", "c"}) node.publish("chat", data).value();
  EXPECT_THAT(data_of(node.read("chat")), ElementsAre("b", "c"));
  node.clock.advance(seconds(9));
  node.publish("chat", "d").value();
  node.clock.advance(seconds(2));
  // A reader never sees what is too old, whether or not it was swept yet.
  EXPECT_THAT(data_of(node.read("chat")), ElementsAre("d"));
}

TEST(MemoryBroker, KeepsToTheBytesOfAChannel) {
  Node node({.history_bytes = 10'000});
  for (int i = 0; i < 100; ++i) node.publish("chat", std::string(1'000, 'x')).value();
  EXPECT_LE(node.counts().history_bytes, 10'000U);
  EXPECT_GE(node.counts().history_bytes, 8'000U);
  EXPECT_EQ(node.counts().history_bytes, node.budget.history_bytes.used());
}

TEST(MemoryBroker, APublicationLargerThanTheHistoryIsStillTold) {
  Node node({.history_bytes = 100});
  node.subscribe("chat");
  node.publish("chat", std::string(1'000, 'x')).value();
  EXPECT_THAT(node.ear.heard, SizeIs(1));
  EXPECT_THAT(node.read("chat").publications, IsEmpty());
  EXPECT_EQ(node.budget.history_bytes.used(), 0U);
}

TEST(MemoryBroker, OverTheLimitOnAllBytesTheLeastRecentlyUsedLoseTheirOldest) {
  Node node({}, {.history_bytes = 20'000});
  const Position start = node.read("a").position;
  for (int i = 0; i < 5; ++i) node.publish("a", std::string(1'000, 'a')).value();
  for (int i = 0; i < 5; ++i) node.publish("b", std::string(1'000, 'b')).value();
  node.read("a");
  for (int i = 0; i < 11; ++i) node.publish("c", std::string(1'000, 'c')).value();
  EXPECT_LE(node.budget.history_bytes.used(), 20'000U);
  EXPECT_LT(node.read("b").publications.size(), 5U);
  EXPECT_THAT(node.read("c").publications, SizeIs(11));
  EXPECT_GT(node.counts().evicted_publications, 0U);
  EXPECT_EQ(node.read("b", After{{start.epoch, 0}}).continuity, Continuity::Pruned);
}

TEST(MemoryBroker, TheNewestPublicationIsNotEvicted) {
  Node node({}, {.history_bytes = 100});
  node.publish("a", std::string(1'000, 'x')).value();
  node.publish("b", std::string(1'000, 'x')).value();
  EXPECT_THAT(node.read("a").publications, IsEmpty());
  EXPECT_THAT(node.read("b").publications, SizeIs(1));
}

TEST(MemoryBroker, TheLimitOnBytesIsOneForAllReactors) {
  Node first({}, {.history_bytes = 10'000});
  Node second(first, {});
  for (int i = 0; i < 5; ++i) first.publish("a", std::string(1'000, 'x')).value();
  for (int i = 0; i < 9; ++i) second.publish("b", std::string(1'000, 'x')).value();
  EXPECT_LE(first.budget.history_bytes.used(), 10'000U);
  EXPECT_LT(second.read("b").publications.size(), 9U);
  EXPECT_THAT(first.read("a").publications, SizeIs(5));
}

TEST(MemoryBroker, AnIdleChannelExpiresAndItsNumberingGoesOn) {
  Node node;
  const hub::Receipt first = node.publish("chat", "a").value();
  node.wait(hours(2));
  EXPECT_THAT(node.list().channels, IsEmpty());
  EXPECT_EQ(node.budget.live_channels.used(), 0U);
  EXPECT_EQ(node.counts().remembered_channels, 1U);
  EXPECT_EQ(node.read("chat").top, first.position);
  EXPECT_EQ(node.read("chat", After{first.position}).continuity, Continuity::Unbroken);
  EXPECT_EQ(node.read("chat", After{{first.position.epoch, 0}}).continuity, Continuity::Pruned);
  EXPECT_EQ(node.read("chat", Since{{first.timestamp.microseconds - 1}}).continuity,
            Continuity::Pruned);
  const hub::Receipt second = node.publish("chat", "b").value();
  EXPECT_EQ(second.position, (Position{first.position.epoch, 2}));
  EXPECT_GT(second.timestamp, first.timestamp);
  EXPECT_EQ(node.counts().remembered_channels, 0U);
}

TEST(MemoryBroker, ASubscribedChannelDoesNotExpireButItsHistoryAgesOut) {
  Node node;
  node.subscribe("chat");
  const hub::Receipt first = node.publish("chat", "a").value();
  node.wait(hours(2));
  EXPECT_EQ(node.budget.live_channels.used(), 0U);
  EXPECT_EQ(node.counts().remembered_channels, 0U);
  EXPECT_EQ(node.counts().history_publications, 0U);
  EXPECT_EQ(node.publish("chat", "b").value().position.offset, 2U);
  EXPECT_EQ(node.budget.live_channels.used(), 1U);
  EXPECT_THAT(node.ear.heard, SizeIs(2));
  EXPECT_EQ(node.ear.heard[1]->position.epoch, first.position.epoch);
}

TEST(MemoryBroker, AChannelThatIsNoLongerSubscribedToIsRemembered) {
  Node node;
  node.subscribe("chat");
  node.publish("chat", "a").value();
  node.wait(hours(2));
  node.broker.unsubscribe("chat");
  EXPECT_EQ(node.counts().remembered_channels, 1U);
  EXPECT_EQ(node.read("chat").top.offset, 1U);
  node.subscribe("never");
  node.broker.unsubscribe("never");
  EXPECT_EQ(node.counts().remembered_channels, 1U);
}

TEST(MemoryBroker, AForgottenChannelBeginsANewEpochAndNoPositionIsReused) {
  Node node({}, {.remembered_channels = 2});
  std::vector<Position> given;
  for (const char* name : {"a", "b", "c"}) {
    given.push_back(node.publish(name, "x").value().position);
    node.wait(hours(2));
  }
  EXPECT_EQ(node.counts().remembered_channels, 2U);
  EXPECT_EQ(node.counts().forgotten_channels, 1U);
  const Page page = node.read("a", After{given[0]});
  EXPECT_EQ(page.continuity, Continuity::OtherEpoch);
  EXPECT_NE(page.top.epoch, given[0].epoch);
  EXPECT_EQ(node.read("b").top, given[1]);
  EXPECT_EQ(node.read("c").top, given[2]);
  const hub::Receipt reborn = node.publish("a", "y").value();
  EXPECT_NE(reborn.position, given[0]);
  EXPECT_EQ(reborn.position.offset, 1U);
}

TEST(MemoryBroker, ForgettingOneOfAnOlderEpochDrawsNoNewOne) {
  Node node({}, {.remembered_channels = 2});
  for (const char* name : {"a", "b", "c"}) {
    node.publish(name, "x").value();
    node.wait(hours(2));
  }
  const Epoch current = node.read("unknown").top.epoch;
  node.publish("d", "x").value();
  node.wait(hours(2));
  EXPECT_EQ(node.counts().forgotten_channels, 2U);
  EXPECT_EQ(node.read("unknown").top.epoch, current);
}

TEST(MemoryBroker, ARebornChannelSaysWhatASinceMayMiss) {
  Node node({}, {.remembered_channels = 1});
  const hub::Receipt first = node.publish("a", "x").value();
  node.wait(hours(2));
  node.publish("b", "x").value();
  node.wait(hours(2));
  const hub::Receipt reborn = node.publish("a", "y").value();
  EXPECT_GT(reborn.timestamp, first.timestamp);
  EXPECT_EQ(node.read("a", Since{{first.timestamp.microseconds - 1}}).continuity,
            Continuity::Pruned);
}

TEST(MemoryBroker, ARebornChannelOfAnOlderEpochSaysSoToo) {
  Node node({}, {.remembered_channels = 2});
  const auto use = [&](const char* name) {
    const hub::Receipt receipt = node.publish(name, "x").value();
    node.wait(hours(2));
    return receipt;
  };
  use("a");
  use("b");
  use("c");  // so that a is forgotten, and a new epoch begins
  node.clock.advance(seconds(1));
  const hub::Receipt late = use("b");
  use("d");
  use("e");  // so that b is forgotten, which is of the old epoch
  node.publish("b", "y").value();
  EXPECT_EQ(node.read("b", Since{{late.timestamp.microseconds - 1}}).continuity,
            Continuity::Pruned);
}

TEST(MemoryBroker, RemembersThirtyDaysAfterTheLastUse) {
  Node node;
  const hub::Receipt receipt = node.publish("chat", "a").value();
  node.wait(hours(2));
  node.wait(hours(20 * 24));
  EXPECT_EQ(node.read("chat").top, receipt.position);
  node.wait(hours(20 * 24));
  EXPECT_EQ(node.read("chat").top, receipt.position);
  node.wait(hours(31 * 24));
  EXPECT_NE(node.read("chat").top.epoch, receipt.position.epoch);
  EXPECT_EQ(node.counts().remembered_channels, 0U);
}

TEST(MemoryBroker, OverTheLimitOnChannelsAnIdleOneMakesRoom) {
  Node node({}, {.live_channels = 2});
  const hub::Receipt first = node.publish("a", "x").value();
  node.publish("b", "x").value();
  EXPECT_EQ(node.publish("c", "x").error(), BrokerError::TooManyChannels);
  EXPECT_EQ(node.counts().refused_channels, 1U);
  EXPECT_TRUE(node.publish("a", "y").has_value()) << "one that is alive is not refused";
  node.clock.advance(minutes(6));
  node.read("a");
  EXPECT_TRUE(node.publish("c", "x").has_value());
  EXPECT_THAT(node.read("a").publications, SizeIs(2)) << "it was read lately, so b had to go";
  EXPECT_THAT(node.read("b").publications, IsEmpty());
  EXPECT_EQ(node.read("b").top.offset, first.position.offset);
  EXPECT_EQ(node.read("b", After{{first.position.epoch, 0}}).continuity, Continuity::Pruned);
}

TEST(MemoryBroker, ASubscribedChannelMakesNoRoom) {
  Node node({}, {.live_channels = 1});
  node.subscribe("a");
  node.publish("a", "x").value();
  node.clock.advance(minutes(30));
  EXPECT_EQ(node.publish("b", "x").error(), BrokerError::TooManyChannels);
  node.broker.unsubscribe("a");
  EXPECT_EQ(node.publish("b", "x").error(), BrokerError::TooManyChannels) << "used just now";
  node.clock.advance(minutes(6));
  EXPECT_TRUE(node.publish("b", "x").has_value());
}

TEST(MemoryBroker, MakesRoomForAllThatAreTooMany) {
  Node node({}, {.live_channels = 2});
  ASSERT_TRUE(node.publish("a", "x").has_value());
  ASSERT_TRUE(node.publish("b", "x").has_value());
  node.budget.live_channels.add(1);
  EXPECT_EQ(node.publish("c", "x").error(), BrokerError::TooManyChannels);
  node.clock.advance(limits::kIdleTime);
  EXPECT_TRUE(node.publish("c", "x").has_value());
  EXPECT_EQ(node.budget.live_channels.used(), 2U);
  node.budget.live_channels.subtract(1);
}

TEST(MemoryBroker, TheLimitOnChannelsIsOneForAllReactors) {
  Node first({}, {.live_channels = 2});
  Node second(first, {});
  first.publish("a", "x").value();
  second.publish("b", "x").value();
  EXPECT_EQ(second.publish("c", "x").error(), BrokerError::TooManyChannels);
}

TEST(MemoryBroker, ARepetitionReturnsTheFirstReceiptAndPublishesNothing) {
  Node node;
  node.subscribe("chat");
  const hub::Receipt first = node.publish_once("chat", "a", "ann", "k1").value();
  node.publish("chat", "b").value();
  const hub::Receipt again = node.publish_once("chat", "a", "ann", "k1").value();
  EXPECT_TRUE(again.duplicate);
  EXPECT_EQ(again.position, first.position);
  EXPECT_EQ(again.timestamp, first.timestamp);
  EXPECT_THAT(node.ear.heard, SizeIs(2));
  EXPECT_EQ(node.counts().duplicates, 1U);
}

TEST(MemoryBroker, TheSameKeyWithOtherDataIsRefused) {
  Node node;
  node.publish_once("chat", "a", "ann", "k1").value();
  EXPECT_EQ(node.publish_once("chat", "b", "ann", "k1").error(), BrokerError::DedupeMismatch);
  hub::PublishRequest binary{.draft = {.channel = "chat",
                                       .data = "a",
                                       .data_kind = hub::DataKind::Binary,
                                       .publisher = {},
                                       .key = {}},
                             .dedupe = {.scope = "ann", .key = "k1"}};
  EXPECT_EQ(node.publish(binary).error(), BrokerError::DedupeMismatch);
  hub::PublishRequest keyed{
      .draft = {.channel = "chat", .data = "a", .publisher = {}, .key = "AAPL"},
      .dedupe = {.scope = "ann", .key = "k1"}};
  EXPECT_EQ(node.publish(keyed).error(), BrokerError::DedupeMismatch);
  EXPECT_EQ(node.counts().dedupe_mismatches, 3U);
  EXPECT_THAT(node.read("chat").publications, SizeIs(1));
}

TEST(MemoryBroker, KeysOfOtherPublishersAndChannelsDoNotMeet) {
  Node node;
  node.publish_once("chat", "a", "ann", "k1").value();
  EXPECT_FALSE(node.publish_once("chat", "b", "bob", "k1").value().duplicate);
  EXPECT_FALSE(node.publish_once("room", "c", "ann", "k1").value().duplicate);
  EXPECT_FALSE(node.publish_once("chat", "d", "ann", "k2").value().duplicate);
  EXPECT_FALSE(node.publish_once("chat", "e", "an", "nk1").value().duplicate);
}

TEST(MemoryBroker, AKeyIsForgottenAfterFiveMinutes) {
  Node node;
  node.publish_once("chat", "a", "ann", "k1").value();
  node.clock.advance(minutes(5) - std::chrono::microseconds(1));
  EXPECT_TRUE(node.publish_once("chat", "a", "ann", "k1").value().duplicate);
  node.clock.advance(std::chrono::microseconds(1));
  EXPECT_FALSE(node.publish_once("chat", "b", "ann", "k1").value().duplicate);
  EXPECT_TRUE(node.publish_once("chat", "b", "ann", "k1").value().duplicate);
}

TEST(MemoryBroker, AKeyIsForgottenWhenItsPublisherHasUsedAThousandMore) {
  Node node;
  const auto key = [](int number) { return "k" + std::to_string(number); };
  for (int number = 0; number < 1'000; ++number) {
    node.publish_once("chat", "a", "ann", key(number)).value();
    node.publish_once("chat", "a", "bob", key(number)).value();
  }
  EXPECT_TRUE(node.publish_once("chat", "a", "ann", key(0)).value().duplicate);
  node.publish_once("chat", "a", "ann", key(1'000)).value();
  EXPECT_FALSE(node.publish_once("chat", "a", "ann", key(0)).value().duplicate);
  EXPECT_TRUE(node.publish_once("chat", "a", "ann", key(2)).value().duplicate);
  EXPECT_TRUE(node.publish_once("chat", "a", "bob", key(0)).value().duplicate);
  EXPECT_EQ(node.counts().dedupe_keys, 2'000U);
}

TEST(MemoryBroker, OverTheLimitOnAllKeysTheOldestIsForgotten) {
  Node node({}, {.dedupe_keys = 3});
  for (const char* scope : {"a", "b", "c", "d"}) {
    node.publish_once("chat", "x", scope, "k").value();
  }
  EXPECT_EQ(node.counts().dedupe_keys, 3U);
  EXPECT_EQ(node.counts().forgotten_dedupe_keys, 1U);
  EXPECT_FALSE(node.publish_once("chat", "x", "a", "k").value().duplicate);
  EXPECT_TRUE(node.publish_once("chat", "x", "c", "k").value().duplicate);
}

TEST(MemoryBroker, ARepetitionIsRecognisedWhenTheHistoryIsGone) {
  Node node({.history_count = 0});
  const hub::Receipt first = node.publish_once("chat", "a", "ann", "k").value();
  const hub::Receipt again = node.publish_once("chat", "a", "ann", "k").value();
  EXPECT_EQ(again.position, first.position);
  EXPECT_TRUE(again.duplicate);
}

TEST(MemoryBroker, KeysAreForgottenWithoutBeingAskedFor) {
  Node node;
  node.publish_once("chat", "a", "ann", "k").value();
  node.wait(minutes(5));
  EXPECT_EQ(node.counts().dedupe_keys, 0U);
  EXPECT_EQ(node.budget.dedupe_keys.used(), 0U);
}

TEST(MemoryBroker, ListsChannelsByPrefixPageByPage) {
  Node node;
  for (const char* name : {"b:3", "a:1", "b:1", "c", "b:2"}) node.publish(name, "x").value();
  const hub::ChannelList first = node.list({.prefix = "b:", .after = {}, .limit = 2});
  ASSERT_THAT(first.channels, SizeIs(2));
  EXPECT_EQ(first.channels[0].name, "b:1");
  EXPECT_EQ(first.channels[1].name, "b:2");
  EXPECT_EQ(first.channels[1].publication_count, 1U);
  EXPECT_GT(first.channels[1].history_bytes, 0U);
  EXPECT_EQ(first.channels[1].top.offset, 1U);
  EXPECT_FALSE(first.at_end);
  const hub::ChannelList second = node.list({.prefix = "b:", .after = "b:2", .limit = 2});
  ASSERT_THAT(second.channels, SizeIs(1));
  EXPECT_EQ(second.channels[0].name, "b:3");
  EXPECT_TRUE(second.at_end);
}

TEST(MemoryBroker, NamespacesHaveTheirOwnSettings) {
  SharedBudget budget;
  ManualClock clock;
  hub::Probe probe;
  Ear ear;
  const hub::NamespaceTable table(
      hub::NamespaceSettings{}, {{"ticks", {.history_count = 1}}, {"none", {.history_count = 0}}});
  MemoryBroker broker({clock, table, budget, probe});
  broker.listen(ear);
  for (const char* name : {"ticks:a", "none:a", "ticks"}) {
    for (int i = 0; i < 3; ++i) {
      broker.publish(
          {.draft = {.channel = name, .data = "x", .publisher = {}, .key = {}}, .dedupe = {}},
          [](auto) {});
    }
  }
  const auto retained = [&](const char* name) {
    std::size_t count = 99;
    broker.read({.channel = name, .start = hub::Latest{}, .limit = 10},
                [&](auto page) { count = page.value().publications.size(); });
    return count;
  };
  EXPECT_EQ(retained("ticks:a"), 1U);
  EXPECT_EQ(retained("none:a"), 0U);
  EXPECT_EQ(retained("ticks"), 3U);
}

TEST(MemoryBroker, GivesBackItsShareOfTheBudgetAtItsEnd) {
  Node survivor({}, {});
  {
    Node other(survivor, {});
    other.publish_once("a", "x", "ann", "k").value();
    other.publish("b", "x").value();
    other.wait(minutes(30));
  }
  EXPECT_EQ(survivor.budget.history_bytes.used(), 0U);
  EXPECT_EQ(survivor.budget.live_channels.used(), 0U);
  EXPECT_EQ(survivor.budget.remembered_channels.used(), 0U);
  EXPECT_EQ(survivor.budget.dedupe_keys.used(), 0U);
}

}  // namespace
}  // namespace carillon::cluster
