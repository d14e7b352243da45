// Presence over several reactors: desks, mailboxes, rosters at home, and what readers hear.
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "hub/presence_desk.hpp"
#include "tests/unit/hub/reader.hpp"

namespace carillon::hub {
namespace {

using std::chrono::seconds;

constexpr ClientId kAnn{1};
constexpr ClientId kBob{2};

PresenceProfile profile(ClientId client) {
  return {.client = client, .user = {}, .info = {}};
}

NamespaceTable with_presence(std::size_t members = 1'000) {
  NamespaceTable::Named named;
  named["call"] = {.presence = true, .presence_members = members};
  return NamespaceTable({}, std::move(named));
}

/// Hears of who comes and goes, too.
class Watcher final : public Subscriber {
 public:
  Watcher(Town& town, ReactorIndex reactor, Hearing hearing = Hearing::Presence)
      : town_(town), hub_(town.hub(reactor)) {
    SubscribeRequest request;
    request.channel = "call:x";
    request.hearing = hearing;
    id_ = hub_.subscribe(*this, std::move(request), [](auto) {});
  }
  ~Watcher() { hub_.unsubscribe(id_); }

  WireFormId wire_form() const override { return town_.plain; }
  void on_delivery(const Delivery& delivery) override {
    for (const PublicationPtr& publication : delivery.publications()) {
      if (!publication->change) {
        heard.push_back(publication->data);
        continue;
      }
      const PresenceChange& change = *publication->change;
      const char sign = change.event == PresenceEvent::Join    ? '+'
                        : change.event == PresenceEvent::Leave ? '-'
                                                               : '~';
      heard.push_back(sign + std::to_string(change.member->profile.client.value));
    }
  }
  void on_gap(SubscriptionId, const Position&) override {}
  bool congested() const override { return false; }

  SubscriptionId id() const { return id_; }
  std::vector<std::string> heard;

 private:
  Town& town_;
  Hub& hub_;
  SubscriptionId id_;
};

using Heard = std::vector<std::string>;

class PresenceTest : public testing::TestWithParam<std::size_t> {
 protected:
  PresenceTest() : town({.reactors = GetParam(), .namespaces = with_presence()}) {}

  PresenceDesk& desk(ReactorIndex reactor) { return town.hub(reactor % town.size()).presence(); }
  PresenceDesk& away() { return desk(town.home_of("call:x") + 1); }
  PresencePage page() {
    std::optional<PresencePage> page;
    away().list({.channel = "call:x", .after = {}, .limit = 100},
                [&](auto result) { page = std::move(result).value(); });
    town.settle();
    return page.value();
  }
  bool together(ClientId one, ClientId other) {
    std::optional<bool> found;
    away().find_together({one, other}, [&](auto result) { found = result.value(); });
    town.settle();
    return found.value();
  }

  Town town;
};

TEST_P(PresenceTest, IsToldInOrderWithMessages) {
  Watcher watcher(town, 0);
  town.settle();
  away().enter("call:x", profile(kAnn));
  publish(town.hub((town.home_of("call:x") + 1) % town.size()), draft("call:x", "hello"));
  away().leave("call:x", kAnn, LeaveCause::Left, seconds(0));
  town.settle();
  // The broker of the town answers late, so only the order of the two changes is certain.
  std::erase(watcher.heard, "hello");
  EXPECT_EQ(watcher.heard, (Heard{"+1", "-1"}));
}

TEST_P(PresenceTest, CountsConnectionsOfAClientOnAllReactorsOnce) {
  Watcher watcher(town, 0);
  town.settle();
  for (ReactorIndex reactor = 0; reactor < town.size(); ++reactor) {
    desk(reactor).enter("call:x", profile(kAnn));
    desk(reactor).enter("call:x", profile(kAnn));
  }
  town.settle();
  EXPECT_EQ(page().counts.clients, 1U);
  for (ReactorIndex reactor = 0; reactor < town.size(); ++reactor) {
    EXPECT_EQ(page().counts.clients, 1U);
    desk(reactor).leave("call:x", kAnn, LeaveCause::Left, seconds(0));
    desk(reactor).leave("call:x", kAnn, LeaveCause::Left, seconds(0));
    town.settle();
  }
  EXPECT_EQ(page().counts.clients, 0U);
  EXPECT_EQ(watcher.heard, (Heard{"+1", "-1"}));
}

TEST_P(PresenceTest, LetsGoOfTheLostInTime) {
  Watcher watcher(town, 0);
  away().enter("call:x", profile(kAnn));
  desk(0).touch("call:x", profile(kBob), seconds(5));
  away().leave("call:x", kAnn, LeaveCause::Lost, seconds(12));
  town.settle();
  town.wait(seconds(6));
  EXPECT_EQ(page().counts.clients, 1U);
  town.wait(seconds(7));
  EXPECT_EQ(page().counts.clients, 0U);
  EXPECT_EQ(page().version, 0U);
}

TEST_P(PresenceTest, WaitsForOneThatComesBackOnAnotherReactor) {
  Watcher watcher(town, 0);
  town.settle();
  desk(0).enter("call:x", profile(kAnn));
  desk(0).leave("call:x", kAnn, LeaveCause::Lost, seconds(12));
  town.wait(seconds(3));
  desk(1).enter("call:x", profile(kAnn));
  town.wait(seconds(60));
  EXPECT_EQ(watcher.heard, (Heard{"+1"}));
}

TEST_P(PresenceTest, IsHeardByWhoMayHearIt) {
  Watcher deaf(town, 0, Hearing::Messages);
  Watcher watcher(town, 0);
  town.settle();
  away().enter("call:x", profile(kAnn));
  town.settle();
  town.hub(0).set_hearing(deaf.id(), Hearing::Presence);
  town.hub(0).set_hearing(watcher.id(), Hearing::Messages);
  away().enter("call:x", profile(kBob));
  town.settle();
  EXPECT_EQ(deaf.heard, (Heard{"+2"}));
  EXPECT_EQ(watcher.heard, (Heard{"+1"}));
}

TEST_P(PresenceTest, KnowsWhoIsTogether) {
  away().enter("call:x", profile(kAnn));
  away().enter("call:y", profile(kBob));
  EXPECT_FALSE(together(kAnn, kBob));
  desk(0).enter("call:y", profile(kAnn));
  EXPECT_TRUE(together(kAnn, kBob));
  EXPECT_TRUE(together(kBob, kAnn));
  desk(0).leave("call:y", kAnn, LeaveCause::Left, seconds(0));
  EXPECT_FALSE(together(kAnn, kBob));
  EXPECT_FALSE(together(kAnn, ClientId{3}));
}

TEST_P(PresenceTest, SetsDataOfWhoIsIn) {
  away().enter("call:x", profile(kAnn));
  std::vector<bool> answers;
  const auto set = [&](const char* channel, ClientId client) {
    away().set_data({.channel = channel, .client = client, .data = "7"},
                    [&](auto result) { answers.push_back(result.value()); });
    town.settle();
  };
  set("call:x", kAnn);
  set("call:x", kBob);
  set("call:y", kAnn);
  EXPECT_EQ(answers, (std::vector<bool>{true, false, false}));
  EXPECT_EQ(page().members.at(0)->data, "7");
}

INSTANTIATE_TEST_SUITE_P(Reactors, PresenceTest, testing::Values(1, 3));

TEST(Presence, RefusesMembersOverTheLimitAndLetsKnownOnesStay) {
  Town town({.reactors = 1, .namespaces = with_presence(1)});
  PresenceDesk& desk = town.hub(0).presence();
  desk.enter("call:x", profile(kAnn));
  desk.enter("call:x", profile(kBob));
  desk.enter("call:x", profile(kAnn));
  EXPECT_EQ(town.counts(0).presence_members, 1U);
  EXPECT_EQ(town.counts(0).refused_members, 1U);
  EXPECT_TRUE(desk.keeps("call:x"));
  EXPECT_FALSE(desk.keeps("chat"));
}

TEST(Presence, SurvivesAFullMailbox) {
  Town town({.reactors = 2, .mailbox_capacity = 2, .namespaces = with_presence()});
  PresenceDesk& desk = town.hub((town.home_of("call:x") + 1) % 2).presence();
  for (std::uint64_t value = 1; value <= 20; ++value) desk.enter("call:x", profile({value}));
  for (std::uint64_t value = 1; value <= 10; ++value) {
    desk.leave("call:x", {value}, LeaveCause::Left, seconds(0));
  }
  town.wait(seconds(3));
  EXPECT_EQ(town.counts(town.home_of("call:x")).presence_members, 10U);
}

}  // namespace
}  // namespace carillon::hub
