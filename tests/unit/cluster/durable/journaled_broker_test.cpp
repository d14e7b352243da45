#include "cluster/durable/journaled_broker.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cluster/durable/limits.hpp"
#include "tests/unit/cluster/durable/durable_fixture.hpp"

namespace carillon::cluster::durable {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

/// A home whose log is the test: it says what becomes of each publication, and when.
class JournaledNode {
 public:
  explicit JournaledNode(BudgetLimits limits = {}) : homes(1, an_origin(), limits) {
    broker.listen(ear);
  }
  void publish(const std::string& data, const std::string& key = {},
               const std::string& channel = "a") {
    broker.publish({.draft = {.channel = channel, .data = data, .publisher = {}, .key = {}},
                    .dedupe = {.scope = "ann", .key = key}},
                   [this, data](auto result) { note("publish " + data, result); });
  }
  void read(const std::string& channel = "a") {
    broker.read({.channel = channel, .start = hub::Latest{}, .limit = 100}, [this](auto result) {
      std::string text = "read";
      for (const std::string& data : data_of(result.value())) text += " " + data;
      said.push_back(text);
    });
  }
  void delete_history(const std::string& channel = "a") {
    broker.delete_history(channel, [this](auto result) {
      said.push_back(result ? "delete: " + std::to_string(result->offset) : "delete failed");
    });
  }
  /// The log takes everything that waits for it; returns how much that was.
  std::uint64_t answer(bool is_kept) {
    Verdict verdict{.count = 0, .attempt = 0, .is_kept = is_kept};
    while (const auto submission = lane.take()) {
      verdict.attempt = submission->attempt;
      ++verdict.count;
      if (is_kept && submission->deletion) deleted.push_back(submission->deletion->position.offset);
      if (is_kept && submission->publication) written.push_back(submission->publication);
    }
    if (verdict.count > 0) lane.report(verdict);
    broker.on_ready(0);
    return verdict.count;
  }

  template <class Outcome>
  void note(const std::string& what, const Outcome& result) {
    if (!result) return said.push_back(what + ": " + std::string(describe(result.error())));
    said.push_back(what + ": " + std::to_string(result->position.offset) +
                   (result->duplicate ? " again" : ""));
  }

  Homes homes;
  net::Waker waker;
  Lane lane{waker};
  Ear ear;
  JournaledBroker broker{homes.home_of("a"), lane};
  std::vector<std::string> said;
  std::vector<hub::PublicationPtr> written;
  std::vector<std::uint64_t> deleted;  // up to these offsets
};

constexpr const char* kFailed = ": The channel cannot be reached at the moment.";

TEST(JournaledBroker, SaysNothingBeforeTheLogHasIt) {
  JournaledNode node;
  node.broker.subscribe({.channel = "a", .start = hub::Latest{}, .limit = 0}, [](auto) {});
  node.publish("one");
  node.publish("two");
  EXPECT_THAT(node.said, IsEmpty());
  EXPECT_THAT(node.ear.heard, IsEmpty());
  EXPECT_THAT(node.homes.read("a").publications, IsEmpty());
  EXPECT_EQ(node.answer(true), 2U) << "both at a time";
  EXPECT_THAT(node.said, ElementsAre("publish one: 1", "publish two: 2"));
  EXPECT_THAT(node.ear.heard, SizeIs(2));
  EXPECT_THAT(data_of(node.homes.read("a")), ElementsAre("one", "two"));
}

TEST(JournaledBroker, LetsCallsOnAChannelTakeEffectInTheirOrder) {
  JournaledNode node;
  node.publish("one");
  node.read();
  node.publish("two");
  node.read();
  node.read("b");
  EXPECT_THAT(node.said, ElementsAre("read")) << "another channel waits for nobody";
  node.answer(true);
  EXPECT_THAT(node.said,
              ElementsAre("read", "publish one: 1", "read one", "publish two: 2", "read one two"));
}

TEST(JournaledBroker, DeletesWhatWasPublishedBeforeAndNothingElse) {
  JournaledNode node;
  node.publish("one");
  node.answer(true);
  node.publish("two");
  node.delete_history();
  node.publish("three");
  node.read();
  EXPECT_THAT(data_of(node.homes.read("a")), ElementsAre("one")) << "it is not in the log yet";
  EXPECT_EQ(node.answer(true), 3U);
  EXPECT_THAT(node.deleted, ElementsAre(2U));
  EXPECT_THAT(node.said, ElementsAre("publish one: 1", "publish two: 2", "delete: 2",
                                     "publish three: 3", "read three"));
}

TEST(JournaledBroker, DeletesNothingThatTheLogWillNotHave) {
  JournaledNode node;
  node.publish("one");
  node.answer(true);
  node.delete_history();
  node.publish("two");
  node.answer(false);
  EXPECT_THAT(data_of(node.homes.read("a")), ElementsAre("one"));
  EXPECT_THAT(node.said,
              ElementsAre("publish one: 1", "delete failed", std::string("publish two") + kFailed));
  node.delete_history();
  node.delete_history("b");
  node.answer(true);
  EXPECT_THAT(data_of(node.homes.read("a")), IsEmpty());
  EXPECT_EQ(node.said.back(), "delete: 0") << "of a channel that nobody knows";
}

TEST(JournaledBroker, TellsEphemeralsInTheirOrder) {
  JournaledNode node;
  node.publish("one");
  bool subscribed = false;
  node.broker.subscribe({.channel = "a", .start = hub::Latest{}, .limit = 10}, [&](auto page) {
    subscribed = true;
    EXPECT_EQ(page->top.offset, 1U);
  });
  node.broker.publish_ephemeral({.channel = "a", .data = "typing", .publisher = {}, .key = {}},
                                [](auto) {});
  EXPECT_FALSE(subscribed);
  node.answer(true);
  EXPECT_TRUE(subscribed);
  ASSERT_THAT(node.ear.heard, SizeIs(2));
  EXPECT_EQ(node.ear.heard[1]->data, "typing");
}

TEST(JournaledBroker, AnswersARepetitionWithWhatBecameOfTheFirst) {
  JournaledNode node;
  node.publish("one", "key");
  node.publish("one", "key");
  node.publish("two");
  node.answer(true);
  node.answer(true);
  EXPECT_THAT(node.said, ElementsAre("publish one: 1", "publish one: 1 again", "publish two: 2"));
  node.publish("other", "key");
  EXPECT_EQ(node.said.back(), "publish other: The idempotency key was used before for other data.");
}

TEST(JournaledBroker, PublishesARepetitionWhoseFirstFailed) {
  JournaledNode node;
  node.publish("one", "key");
  node.publish("one", "key");
  node.publish("two");
  node.read();
  node.answer(false);
  EXPECT_THAT(node.said, ElementsAre("publish one" + std::string(kFailed)));
  node.answer(true);
  node.answer(true);
  EXPECT_THAT(node.said, ElementsAre("publish one" + std::string(kFailed), "publish one: 1",
                                     "publish two: 2", "read one two"));
}

TEST(JournaledBroker, UsesTheNumbersAgainOfWhatTheLogDidNotTake) {
  JournaledNode node;
  node.publish("one");
  node.answer(true);
  node.publish("lost");
  node.publish("lost too");
  const auto first = node.lane.take();
  node.lane.report({.count = 1, .attempt = first->attempt, .is_kept = false});
  node.publish("void");  // sent before the failure is known
  node.broker.on_ready(0);
  EXPECT_THAT(node.said, ElementsAre("publish one: 1", "publish lost" + std::string(kFailed),
                                     "publish lost too" + std::string(kFailed),
                                     "publish void" + std::string(kFailed)));
  node.publish("two");
  EXPECT_EQ(node.answer(true), 1U) << "what is void is not written";
  EXPECT_EQ(node.said.back(), "publish two: 2");
  EXPECT_THAT(data_of(node.homes.read("a")), ElementsAre("one", "two"));
  EXPECT_EQ(node.broker.counts().failed_publications, 3U);
}

TEST(JournaledBroker, RefusesMoreThanMayBeUnderWay) {
  JournaledNode node;
  for (std::size_t count = 0; count < limits::kLanePublications; ++count) node.publish("x");
  EXPECT_THAT(node.said, IsEmpty());
  node.publish("too many");
  EXPECT_THAT(node.said, ElementsAre("publish too many" + std::string(kFailed)));
  EXPECT_EQ(node.broker.counts().refused_publications, 1U);
  node.answer(true);
  EXPECT_EQ(node.said.size(), limits::kLanePublications + 1);
}

TEST(JournaledBroker, AnswersAsManyRepetitionsAsMayWait) {
  JournaledNode node;
  for (std::size_t count = 0; count <= limits::kWaitingCalls; ++count) node.publish("x", "key");
  EXPECT_THAT(node.said, IsEmpty());
  node.publish("x", "key");
  EXPECT_THAT(node.said, ElementsAre("publish x" + std::string(kFailed)));
  node.answer(true);
  ASSERT_THAT(node.said, SizeIs(limits::kWaitingCalls + 2));
  EXPECT_EQ(node.said[1], "publish x: 1");
  EXPECT_EQ(node.said.back(), "publish x: 1 again");
}

TEST(JournaledBroker, RefusesMoreBytesThanMayWait) {
  JournaledNode node;
  const std::string large(limits::kWaitingBytes / 4, 'x');
  node.publish("x", "key");
  for (int count = 0; count < 5; ++count) {
    node.broker.publish({.draft = {.channel = "a", .data = large, .publisher = {}, .key = {}},
                         .dedupe = {.scope = "ann", .key = "key"}},
                        [&](auto result) { node.note("large", result); });
  }
  EXPECT_THAT(node.said, ElementsAre("large" + std::string(kFailed)));
  EXPECT_EQ(node.broker.counts().refused_calls, 1U);
  node.answer(true);
  EXPECT_THAT(node.said, SizeIs(6)) << "and then there is room again";
  node.publish("x", "other key");
  node.publish("x", "other key");
  EXPECT_THAT(node.said, SizeIs(6));
}

TEST(JournaledBroker, KeepsAChannelWhilePublicationsAreUnderWay) {
  JournaledNode node;
  node.publish("one");
  node.homes.clock.advance(std::chrono::hours(1));
  for (int step = 0; step < 10; ++step) node.broker.on_time();
  node.answer(true);
  EXPECT_THAT(node.said, ElementsAre("publish one: 1"));
}

}  // namespace
}  // namespace carillon::cluster::durable
