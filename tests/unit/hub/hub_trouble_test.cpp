// What the hub does when brokers fail, publications are missing and mailboxes are full.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "hub/hub.hpp"
#include "tests/unit/hub/hub_fixture.hpp"

namespace carillon::hub {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class HubTroubleTest : public HubTest {};

INSTANTIATE_TEST_SUITE_P(Reactors, HubTroubleTest, testing::Values(1U, 3U),
                         [](const auto& tested) { return "On" + std::to_string(tested.param); });

TEST_P(HubTroubleTest, ABrokerThatCannotBeReachedFailsTheCallAndNothingElse) {
  Reader before(town, elsewhere());
  before.subscribe("chat");
  town.settle();
  town.broker(home()).troubles.failing = 1;
  Reader during(town, elsewhere());
  during.subscribe("chat", Latest{});
  std::optional<Result<Receipt, BrokerError>> answer;
  town.hub(elsewhere()).publish({.draft = draft("chat", "a"), .dedupe = {}}, [&](auto result) {
    answer = std::move(result);
  });
  town.settle();
  EXPECT_EQ(during.answers.at(0).error(), BrokerError::Unavailable);
  EXPECT_EQ(answer.value().error(), BrokerError::Unavailable);
  EXPECT_EQ(town.hub(elsewhere()).subscription_count(), 1U);
  town.broker(home()).troubles.failing = 0;
  say("b");
  town.settle();
  EXPECT_THAT(before.heard, ElementsAre("b"));
}

TEST_P(HubTroubleTest, WhatTheBrokerDidNotTellIsReadFromTheLog) {
  Reader reader(town, elsewhere());
  reader.subscribe("chat");
  town.settle();
  say("a");
  town.settle();
  town.broker(home()).troubles.losing = 1;
  say("b");
  say("c");
  town.broker(home()).troubles.losing = 0;
  say("d");
  town.settle();
  EXPECT_THAT(reader.heard, ElementsAre("a", "b", "c", "d"));
  EXPECT_EQ(town.counts(elsewhere()).catch_up_reads, 1U);
}

TEST_P(HubTroubleTest, WhatTheBrokerTellsTwiceIsHeardOnce) {
  Reader reader(town, elsewhere());
  reader.subscribe("chat");
  town.settle();
  town.broker(home()).troubles.repeating = 1;
  say("a");
  say("b");
  town.settle();
  EXPECT_THAT(reader.heard, ElementsAre("a", "b"));
}

TEST_P(HubTroubleTest, AHoleThatTheLogCannotFillIsAGap) {
  Town small({.reactors = GetParam(), .namespaces = NamespaceTable({.history_count = 1})});
  SlowBroker& broker = small.broker(home());
  Reader reader(small, elsewhere());
  reader.subscribe("chat");
  Reader left_out(small, elsewhere());
  left_out.subscribe("chat");
  small.settle();
  publish(small.hub(home()), draft("chat", "a"));
  small.settle();
  broker.troubles.losing = 1;
  for (const char* data : {"b", "c", "d"}) publish(small.hub(home()), draft("chat", data));
  broker.troubles.losing = 0;
  publish(small.hub(home()), draft("chat", "e"));
  small.settle();
  EXPECT_THAT(reader.heard, ElementsAre("a", "gap 4", "e"));
  EXPECT_THAT(left_out.heard, ElementsAre("a", "gap 4", "e"));
  EXPECT_EQ(small.counts(elsewhere()).gaps_told, 2U);

  reader.then = [&] { small.hub(elsewhere()).unsubscribe(reader.ids[0]); };
  broker.troubles.losing = 1;
  publish(small.hub(home()), draft("chat", "f"));
  broker.troubles.losing = 0;
  publish(small.hub(home()), draft("chat", "g"));
  small.settle();
  EXPECT_EQ(reader.heard.back(), "gap 6") << "it ended when it was told";
  EXPECT_EQ(left_out.heard.back(), "g");
}

TEST_P(HubTroubleTest, ALogThatCannotBeReadIsTriedAgainLater) {
  Reader reader(town, elsewhere());
  reader.subscribe("chat");
  town.settle();
  say("a");
  town.settle();
  SlowBroker& broker = town.broker(home());
  broker.troubles.losing = 1;
  say("b");
  broker.troubles.losing = 0;
  say("c");
  broker.troubles.failing = 1;
  town.settle();
  town.wait(seconds(1));
  EXPECT_THAT(reader.heard, ElementsAre("a"));
  broker.troubles.failing = 0;
  town.wait(limits::kTimeStep);
  EXPECT_THAT(reader.heard, ElementsAre("a", "b", "c"));
}

TEST_P(HubTroubleTest, MoreThanMayPileUpIsReadFromTheLogInstead) {
  Town large(
      {.reactors = GetParam(),
       .mailbox_capacity = 100'000,
       .namespaces = NamespaceTable({.history_count = 100'000, .history_bytes = 100'000'000})});
  Reader reader(large, elsewhere());
  reader.subscribe("chat");
  large.settle();
  constexpr std::size_t kCount = limits::kPendingPublications + 500;
  for (std::size_t number = 1; number <= kCount; ++number) {
    publish(large.hub(home()), draft("chat", std::to_string(number)));
  }
  large.mail.run_all();
  EXPECT_EQ(large.counts(elsewhere()).deferred_pending, 1U);
  large.settle();
  ASSERT_THAT(reader.heard, SizeIs(kCount));
  for (std::size_t number = 1; number <= kCount; ++number) {
    ASSERT_EQ(reader.heard[number - 1], std::to_string(number));
  }
}

TEST_P(HubTroubleTest, TheLatencyOfDeliveriesIsMeasured) {
  Reader reader(town, home());
  reader.subscribe("chat");
  town.settle();
  say("a");
  town.clock.advance(std::chrono::milliseconds(3));
  town.settle();
  const LatencyHistogram& latency = town.probe(home()).delivery_latency();
  EXPECT_EQ(latency.count, 1U);
  EXPECT_EQ(latency.sum_microseconds / 100, 29U) << "3 ms less the microseconds of the numbering";
}

TEST(HubMailboxes, AFullMailboxTowardsTheHomeFailsTheCall) {
  Town town({.reactors = 2, .mailbox_capacity = 2});
  const ReactorIndex away = 1 - town.home_of("chat");
  std::vector<BrokerError> errors;
  const auto count = [&](auto result) {
    if (!result) errors.push_back(result.error());
  };
  for (int i = 0; i < 2; ++i) {
    town.hub(away).publish({.draft = draft("chat", "a"), .dedupe = {}}, count);
  }
  EXPECT_THAT(errors, IsEmpty());
  town.hub(away).publish({.draft = draft("chat", "a"), .dedupe = {}}, count);
  town.hub(away).publish_ephemeral(draft("chat", "a"), count);
  town.hub(away).read({.channel = "chat", .start = Latest{}}, count);
  town.hub(away).list_channels({}, count);
  Reader reader(town, away);
  reader.subscribe("chat");
  EXPECT_EQ(reader.answers.at(0).error(), BrokerError::Unavailable);
  town.settle();
  EXPECT_EQ(errors, std::vector<BrokerError>(4, BrokerError::Unavailable));
  EXPECT_EQ(town.counts(away).mailbox_refusals, 5U);
  EXPECT_EQ(town.hub(away).subscription_count(), 0U);
}

TEST(HubMailboxes, AReactorThatIsBehindCatchesUpFromTheLog) {
  Town town({.reactors = 2, .mailbox_capacity = 3});
  const ReactorIndex home = town.home_of("chat");
  Reader reader(town, 1 - home);
  reader.subscribe("chat");
  town.settle();
  std::vector<std::string> expected;
  for (int number = 0; number < 20; ++number) {
    expected.push_back(std::to_string(number));
    publish(town.hub(home), draft("chat", expected.back()));
  }
  town.hub(home).publish_ephemeral(draft("chat", "lost"), [](auto) {});
  EXPECT_EQ(town.counts(home).reactors_fell_behind, 1U);
  EXPECT_EQ(town.counts(home).mailbox_refusals, 1U) << "from then on it is not even tried";
  EXPECT_EQ(town.counts(home).dropped_behind, 1U);
  town.settle();
  EXPECT_EQ(reader.heard, expected);
  EXPECT_EQ(town.counts(1 - home).catch_up_reads, 1U);
  publish(town.hub(home), draft("chat", "on"));
  town.settle();
  EXPECT_EQ(reader.heard.back(), "on");
}

TEST(HubMailboxes, WhoWasBehindReadsUntilTheNewestItMissed) {
  Town town({.reactors = 2, .mailbox_capacity = 1});
  const ReactorIndex home = town.home_of("chat");
  Reader reader(town, 1 - home);
  reader.subscribe("chat");
  town.settle();
  for (const char* data : {"a", "b", "c"}) publish(town.hub(home), draft("chat", data));
  town.broker(home).tamper_with_read = [&](Page& page) {
    // The log that is read has not yet seen the last one.
    page.publications.pop_back();
    page.top.offset = page.position.offset = 2;
    town.broker(home).tamper_with_read = nullptr;
  };
  town.settle();
  EXPECT_THAT(reader.heard, ElementsAre("a", "b", "c"));
}

TEST(HubMailboxes, WhoIsBehindAndJoinsAnewGetsEachPublicationOnce) {
  Town town({.reactors = 2, .mailbox_capacity = 2});
  const ReactorIndex home = town.home_of("chat");
  Reader first(town, 1 - home);
  first.subscribe("chat");
  town.settle();
  Reader second(town, 1 - home);
  second.subscribe("chat", Latest{});
  for (const char* data : {"a", "b", "c", "d"}) publish(town.hub(home), draft("chat", data));
  town.settle();
  EXPECT_THAT(first.heard, ElementsAre("a", "b", "c", "d"));
  std::vector<std::string> all = second.missed();
  all.insert(all.end(), second.heard.begin(), second.heard.end());
  EXPECT_THAT(all, ElementsAre("a", "b", "c", "d"));
}

TEST(HubMailboxes, LeavingIsTriedAgainWhereTheMailboxIsFull) {
  Town town({.reactors = 2, .mailbox_capacity = 1});
  const ReactorIndex away = 1 - town.home_of("chat");
  {
    Reader reader(town, away);
    reader.subscribe("chat");
    town.settle();
  }
  town.clock.advance(seconds(20));
  town.hub(away).read({.channel = "chat", .start = Latest{}}, [](auto) {});
  town.hub(away).on_time();
  EXPECT_EQ(town.counts(away).local_channels, 1U);
  town.settle();
  town.hub(away).on_time();
  EXPECT_EQ(town.counts(away).local_channels, 0U);
}

}  // namespace
}  // namespace carillon::hub
