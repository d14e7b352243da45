#include "hub/hub.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/hub/hub_fixture.hpp"

namespace carillon::hub {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

INSTANTIATE_TEST_SUITE_P(Reactors, HubTest, testing::Values(1U, 3U),
                         [](const auto& tested) { return "On" + std::to_string(tested.param); });

TEST_P(HubTest, ASubscriberHearsWhatIsPublishedFromThenOn) {
  say("before");
  Reader reader(town, elsewhere());
  reader.subscribe("chat");
  town.settle();
  EXPECT_EQ(reader.answer().position.offset, 1U);
  EXPECT_THAT(reader.answer().missed, IsEmpty());
  EXPECT_TRUE(reader.answer().recovered());
  EXPECT_TRUE(reader.answer().contiguous);
  say("a");
  say("b");
  town.settle();
  EXPECT_THAT(reader.heard, ElementsAre("a", "b"));
  EXPECT_EQ(reader.position.offset, 3U);
}

TEST_P(HubTest, PublishAnswersWithTheReceiptOfTheBroker) {
  std::optional<Result<Receipt, BrokerError>> answer;
  town.hub(elsewhere()).publish({.draft = draft("chat", "a"), .dedupe = {}}, [&](auto result) {
    answer = std::move(result);
  });
  town.settle();
  EXPECT_EQ(answer.value().value().position, town.log("chat").top);
}

TEST_P(HubTest, ReadAnswersWithAPageOfTheLog) {
  for (const char* data : {"a", "b", "c"}) say(data);
  std::optional<Result<Page, BrokerError>> answer;
  town.hub(elsewhere())
      .read({.channel = "chat", .start = After{{town.log("chat").top.epoch, 1}}, .limit = 1},
            [&](auto result) { answer = std::move(result); });
  town.settle();
  ASSERT_THAT(answer.value().value().publications, SizeIs(1));
  EXPECT_EQ(answer->value().publications[0]->data, "b");
  EXPECT_FALSE(answer->value().at_end);
}

TEST_P(HubTest, WhatWasMissedComesWithTheAnswerAndTheRestFollows) {
  for (const char* data : {"a", "b", "c"}) say(data);
  Reader reader(town, elsewhere());
  reader.subscribe("chat", After{{town.log("chat").top.epoch, 1}});
  say("d");
  town.settle();
  EXPECT_TRUE(reader.answer().recovered());
  EXPECT_EQ(reader.answer().begin.offset, 1U);
  std::vector<std::string> all = reader.missed();
  all.insert(all.end(), reader.heard.begin(), reader.heard.end());
  EXPECT_THAT(all, ElementsAre("b", "c", "d"));
}

TEST_P(HubTest, LatestGivesTheNewestAndThenLiveOnes) {
  for (const char* data : {"a", "b", "c"}) say(data);
  Reader reader(town, elsewhere());
  SubscribeRequest request;
  request.channel = "chat";
  request.start = Latest{};
  request.limit = 2;
  reader.subscribe(request);
  town.settle();
  EXPECT_THAT(reader.missed(), ElementsAre("b", "c"));
  EXPECT_FALSE(reader.answer().more_missed);
  say("d");
  town.settle();
  EXPECT_THAT(reader.heard, ElementsAre("d"));
}

TEST_P(HubTest, MoreMissedThanTheLimitIsToldAndLiveOnesFollowAllTheSame) {
  for (const char* data : {"a", "b", "c"}) say(data);
  Reader reader(town, elsewhere());
  SubscribeRequest request;
  request.channel = "chat";
  request.start = After{{town.log("chat").top.epoch, 0}};
  request.limit = 2;
  reader.subscribe(request);
  town.settle();
  EXPECT_THAT(reader.missed(), ElementsAre("a", "b"));
  EXPECT_TRUE(reader.answer().more_missed);
  EXPECT_TRUE(reader.answer().joined);
  EXPECT_EQ(reader.answer().missed_until.offset, 2U);
  EXPECT_EQ(reader.answer().position.offset, 3U);
  say("d");
  town.settle();
  EXPECT_THAT(reader.heard, ElementsAre("d"));
}

TEST_P(HubTest, WhoReadsOnGetsAllInSlicesAndThenLiveOnes) {
  for (const char* data : {"a", "b", "c", "d", "e"}) say(data);
  Reader reader(town, elsewhere());
  SubscribeRequest request;
  request.channel = "chat";
  request.start = After{{town.log("chat").top.epoch, 0}};
  request.limit = 2;
  request.overflow = Overflow::ReadOn;
  std::vector<std::string> all;
  for (bool joined = false; !joined;) {
    reader.answers.clear();
    reader.subscribe(request);
    town.settle();
    joined = reader.answer().joined;
    request.start = After{reader.answer().missed_until};
    for (const std::string& data : reader.missed()) all.push_back(data);
  }
  EXPECT_THAT(all, ElementsAre("a", "b", "c", "d", "e"));
  EXPECT_EQ(town.hub(elsewhere()).subscription_count(), 1U);
  say("f");
  town.settle();
  EXPECT_THAT(reader.heard, ElementsAre("f"));
}

TEST_P(HubTest, AStartThatCannotBeHonouredIsToldEachInItsWay) {
  Town small({.reactors = GetParam(), .namespaces = NamespaceTable({.history_count = 2})});
  Hub& hub = small.hub(elsewhere());
  for (const char* data : {"a", "b", "c", "d"}) publish(hub, draft("chat", data));
  small.settle();
  const Epoch epoch = small.log("chat").top.epoch;
  const auto start_at = [&](const Position& position) {
    auto reader = std::make_unique<Reader>(small, elsewhere());
    reader->subscribe("chat", After{position});
    small.settle();
    return reader;
  };
  const auto pruned = start_at({epoch, 1});
  EXPECT_EQ(pruned->answer().continuity, Continuity::Pruned);
  EXPECT_EQ(pruned->answer().begin, (Position{epoch, 2}));
  EXPECT_THAT(pruned->missed(), ElementsAre("c", "d"));
  const auto other = start_at({*Epoch::parse("other"), 4});
  EXPECT_EQ(other->answer().continuity, Continuity::OtherEpoch);
  EXPECT_THAT(other->missed(), ElementsAre("c", "d"));
  const auto future = start_at({epoch, 5});
  EXPECT_EQ(future->answer().continuity, Continuity::Future);
  EXPECT_EQ(future->answer().position, (Position{epoch, 4}));
  EXPECT_THAT(future->missed(), IsEmpty());
  publish(hub, draft("chat", "e"));
  small.settle();
  for (const auto* reader : {&pruned, &other, &future}) {
    EXPECT_THAT((*reader)->heard, ElementsAre("e"));
  }
  EXPECT_EQ(small.counts(elsewhere()).recoveries_broken, 3U);
}

TEST_P(HubTest, SubscribingToWhatNobodyHasPublishedToMissesNothing) {
  Reader reader(town, elsewhere());
  reader.subscribe("chat");
  town.settle();
  const Position start = reader.answer().position;
  EXPECT_EQ(start.offset, 0U);
  say("a");
  town.settle();
  EXPECT_THAT(reader.heard, ElementsAre("a"));
  Reader later(town, elsewhere());
  later.subscribe("chat", After{start});
  town.settle();
  EXPECT_THAT(later.missed(), ElementsAre("a"));
}

TEST_P(HubTest, AfterUnsubscribingNothingIsHeard) {
  Reader reader(town, elsewhere());
  const SubscriptionId id = reader.subscribe("chat");
  town.settle();
  say("a");
  town.hub(elsewhere()).unsubscribe(id);
  town.hub(elsewhere()).unsubscribe(id);
  town.settle();
  EXPECT_THAT(reader.heard, IsEmpty());
  EXPECT_EQ(town.hub(elsewhere()).subscription_count(), 0U);
}

TEST_P(HubTest, UnsubscribingCancelsAPendingSubscribe) {
  if (town.size() == 1) town.broker(0).troubles.is_slow = true;
  Reader reader(town, elsewhere());
  const SubscriptionId id = reader.subscribe("chat");
  town.hub(elsewhere()).unsubscribe(id);
  say("a");
  town.settle();
  EXPECT_THAT(reader.answers, IsEmpty());
  EXPECT_THAT(reader.heard, IsEmpty());
}

TEST_P(HubTest, ABatchIsEncodedOncePerFormAndSharedByAll) {
  std::vector<std::unique_ptr<Reader>> readers;
  for (int i = 0; i < 10; ++i) {
    readers.push_back(
        std::make_unique<Reader>(town, elsewhere(), i % 2 == 0 ? town.plain : town.framed));
    readers.back()->subscribe("chat");
  }
  town.settle();
  for (const char* data : {"a", "b", "c"}) say(data);
  town.settle();
  EXPECT_EQ(encodings(), 6U);
  for (const auto& reader : readers) {
    EXPECT_EQ(reader->deliveries, 1U);
    EXPECT_TRUE(reader->was_whole);
    EXPECT_THAT(reader->heard, ElementsAre("a", "b", "c"));
  }
  EXPECT_EQ(town.counts(elsewhere()).deliveries, 30U);
}

TEST_P(HubTest, NobodyEncodesForNobody) {
  {
    Reader(town, elsewhere()).subscribe("chat");
  }
  town.settle();
  say("a");
  town.settle();
  EXPECT_EQ(encodings(), 0U);
}

TEST_P(HubTest, WithoutEchoOneDoesNotHearOneself) {
  const ClientId me{0x7000'0000'0000'0001};
  say("mine, before", me);
  say("yours, before");
  SubscribeRequest request;
  request.channel = "chat";
  request.start = After{{town.log("chat").top.epoch, 0}};
  request.echo = Echo::NotMyOwn;
  request.client = me;
  Reader reader(town, elsewhere());
  reader.subscribe(request);
  Reader other(town, elsewhere());
  other.subscribe("chat");
  town.settle();
  EXPECT_THAT(reader.missed(), ElementsAre("yours, before"));
  EXPECT_EQ(reader.answer().position.offset, 2U);
  say("mine", me);
  say("yours");
  town.settle();
  EXPECT_THAT(reader.heard, ElementsAre("yours"));
  EXPECT_FALSE(reader.was_whole);
  EXPECT_EQ(reader.position.offset, 4U);
  say("mine again", me);
  town.settle();
  EXPECT_EQ(reader.deliveries, 1U);
  say("yours again");
  town.settle();
  EXPECT_TRUE(reader.was_whole) << "where nothing is left out the shared buffer serves";
  EXPECT_THAT(other.heard, ElementsAre("mine", "yours", "mine again", "yours again"));
}

TEST_P(HubTest, EphemeralsAreHeardInOrderByWhoIsThere) {
  Reader reader(town, elsewhere());
  reader.subscribe("chat");
  town.settle();
  say("a");
  town.hub(home()).publish_ephemeral(draft("chat", "typing"), [](auto) {});
  say("b");
  town.hub(home()).publish_ephemeral(draft("chat", "typing still"), [](auto) {});
  town.settle();
  EXPECT_THAT(reader.heard, ElementsAre("a", "typing", "b", "typing still"));
  EXPECT_EQ(reader.position.offset, 2U);
  Reader later(town, elsewhere());
  later.subscribe("chat", After{{reader.position.epoch, 0}});
  town.settle();
  EXPECT_THAT(later.missed(), ElementsAre("a", "b"));
}

TEST_P(HubTest, WhoJoinsWhileABatchPilesUpHearsOnlyWhatComesLater) {
  Reader first(town, home());
  first.subscribe("chat");
  town.settle();
  say("a");
  town.hub(home()).publish_ephemeral(draft("chat", "typing"), [](auto) {});
  Reader second(town, home());
  second.subscribe("chat");
  say("b");
  town.settle();
  EXPECT_THAT(first.heard, ElementsAre("a", "typing", "b"));
  EXPECT_EQ(second.answer().position.offset, 1U);
  EXPECT_THAT(second.heard, ElementsAre("b"));
}

TEST_P(HubTest, LargeChannelsAreServedInSlicesAndNobodyTwice) {
  std::vector<std::unique_ptr<Reader>> readers;
  for (int i = 0; i < 1'000; ++i) {
    readers.push_back(std::make_unique<Reader>(town, home()));
    readers.back()->subscribe("chat");
  }
  town.settle();
  say("a");
  ASSERT_TRUE(town.hub(home()).deliver(300));
  say("b");
  const auto heard_a =
      std::ranges::count_if(readers, [](const auto& reader) { return reader->heard.size() == 1; });
  EXPECT_EQ(heard_a, 300);
  // Some of the served and some of the unserved leave in the middle of the walk.
  for (const int leaver : {0, 5, 299, 300, 640, 999})
    readers[static_cast<std::size_t>(leaver)].reset();
  Reader late(town, home());
  late.subscribe("chat");
  town.settle();
  for (const auto& reader : readers) {
    if (reader == nullptr) continue;
    EXPECT_THAT(reader->heard, ElementsAre("a", "b"));
  }
  EXPECT_THAT(late.heard, IsEmpty()) << "it joined after both";
}

TEST_P(HubTest, OneBusyChannelDoesNotHoldUpTheOthers) {
  std::vector<std::unique_ptr<Reader>> crowd;
  for (int i = 0; i < 1'000; ++i) {
    crowd.push_back(std::make_unique<Reader>(town, home()));
    crowd.back()->subscribe("chat");
  }
  Reader lone(town, home());
  lone.subscribe("quiet");
  town.settle();
  say("a");
  publish(town.hub(home()), draft("quiet", "b"));
  town.mail.run_all();
  town.hub(home()).deliver(400);
  EXPECT_THAT(lone.heard, ElementsAre("b"));
}

TEST_P(HubTest, ASubscriberMayEndItselfOrOthersInACall) {
  std::vector<std::unique_ptr<Reader>> readers;
  for (int i = 0; i < 5; ++i) {
    readers.push_back(std::make_unique<Reader>(town, home()));
    readers.back()->subscribe("chat");
  }
  town.settle();
  readers[0]->then = [&] { readers[0].reset(); };
  readers[1]->then = [&] {
    readers[2].reset();
    readers.push_back(std::make_unique<Reader>(town, home()));
    readers.back()->subscribe("chat");
    say("b");
  };
  say("a");
  town.settle();
  EXPECT_THAT(readers[1]->heard, ElementsAre("a", "b"));
  EXPECT_THAT(readers[3]->heard, ElementsAre("a", "b"));
  EXPECT_THAT(readers[4]->heard, ElementsAre("a", "b"));
  ASSERT_THAT(readers, SizeIs(6));
  EXPECT_THAT(readers[5]->heard, ElementsAre("b"));
}

TEST_P(HubTest, WhereTheReaderIsTheChannelAlreadyItNeedsNoHome) {
  Reader first(town, elsewhere());
  first.subscribe("chat");
  town.settle();
  say("a");
  town.settle();
  Reader live(town, elsewhere());
  live.subscribe("chat");
  Reader after(town, elsewhere());
  after.subscribe("chat", After{first.position});
  EXPECT_EQ(live.answer().position, first.position) << "answered at once";
  EXPECT_EQ(after.answer().position, first.position);
  say("b");
  town.settle();
  EXPECT_THAT(live.heard, ElementsAre("b"));
  EXPECT_THAT(after.heard, ElementsAre("b"));
}

TEST_P(HubTest, AChannelWithoutSubscribersIsHeardForAWhileAndThenLeft) {
  {
    Reader reader(town, elsewhere());
    reader.subscribe("chat");
    town.settle();
  }
  EXPECT_EQ(town.counts(elsewhere()).local_channels, 1U);
  town.wait(seconds(5));
  {
    Reader reader(town, elsewhere());
    reader.subscribe("chat");
    EXPECT_THAT(reader.answers, SizeIs(1)) << "answered at once";
  }
  town.wait(seconds(6));
  EXPECT_EQ(town.counts(elsewhere()).local_channels, 1U) << "it was used meanwhile";
  town.wait(seconds(6));
  EXPECT_EQ(town.counts(elsewhere()).local_channels, 0U);
  say("a");
  town.settle();
  EXPECT_EQ(town.broker(home()).told, 0U) << "the broker knows that nobody listens";
  Reader reader(town, elsewhere());
  reader.subscribe("chat");
  town.settle();
  EXPECT_EQ(reader.answer().position.offset, 1U);
}

TEST_P(HubTest, ListsTheChannelsOfAllReactorsByName) {
  std::vector<std::unique_ptr<Reader>> readers;
  for (ReactorIndex index = 0; index < town.size(); ++index) {
    readers.push_back(std::make_unique<Reader>(town, index));
    readers.back()->subscribe("room:2");
    readers.back()->subscribe("room:9");
  }
  for (const char* name : {"room:1", "room:2", "room:3", "other"}) {
    publish(town.hub(elsewhere()), draft(name, "x"));
  }
  town.settle();
  const auto list = [&](ListRequest request) {
    std::optional<ChannelList> answer;
    town.hub(elsewhere()).list_channels(std::move(request), [&](auto result) {
      answer = std::move(result).value();
    });
    town.settle();
    return answer.value();
  };
  const ChannelList first = list({.prefix = "room:", .after = {}, .limit = 2});
  ASSERT_THAT(first.channels, SizeIs(2));
  EXPECT_EQ(first.channels[0].name, "room:1");
  EXPECT_EQ(first.channels[0].subscription_count, 0U);
  EXPECT_EQ(first.channels[1].name, "room:2");
  EXPECT_EQ(first.channels[1].subscription_count, town.size());
  EXPECT_EQ(first.channels[1].publication_count, 1U);
  EXPECT_EQ(first.channels[1].top.offset, 1U);
  EXPECT_FALSE(first.at_end);
  const ChannelList second = list({.prefix = "room:", .after = "room:2", .limit = 10});
  ASSERT_THAT(second.channels, SizeIs(2));
  EXPECT_EQ(second.channels[1].name, "room:9");
  EXPECT_EQ(second.channels[1].subscription_count, town.size());
  EXPECT_TRUE(second.at_end);
}

}  // namespace
}  // namespace carillon::hub
