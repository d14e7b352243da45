#include "hub/roster.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace carillon::hub {
namespace {

constexpr ClientId kAnn{1};
constexpr ClientId kBob{2};
constexpr Timestamp kNow{1'000};
constexpr Timestamp kSoon{2'000};
constexpr Timestamp kLater{3'000};

PresenceProfile profile(ClientId client, std::string user = {}, std::string info = {}) {
  return {.client = client, .user = std::move(user), .info = std::move(info)};
}

PresenceNotice leaving(ClientId client, LeaveCause cause, Timestamp until = {}) {
  return {.kind = PresenceNotice::Kind::Leave,
          .cause = cause,
          .channel = "call:x",
          .profile = profile(client),
          .until = until};
}

TEST(Roster, CountsAClientOnceAndAUserOnce) {
  Roster roster(10);
  const auto join = roster.enter(0, profile(kAnn, "ann"), kNow);
  ASSERT_TRUE(join);
  EXPECT_EQ(join->event, PresenceEvent::Join);
  EXPECT_EQ(join->version, 11U);
  EXPECT_EQ(join->counts.clients, 1U);
  EXPECT_FALSE(roster.enter(1, profile(kAnn, "ann"), kNow));
  const auto other = roster.enter(1, profile(kBob, "ann"), kNow);
  ASSERT_TRUE(other);
  EXPECT_EQ(other->counts.clients, 2U);
  EXPECT_EQ(other->counts.users, 1U);
  EXPECT_EQ(other->version, 12U);
}

TEST(Roster, KeepsAClientUntilItsLastReactorLetsGo) {
  Roster roster(0);
  roster.enter(0, profile(kAnn, "ann"), kNow);
  roster.enter(1, profile(kAnn, "ann"), kNow);
  EXPECT_FALSE(roster.leave(0, leaving(kAnn, LeaveCause::Left), kNow));
  const auto left = roster.leave(1, leaving(kAnn, LeaveCause::Closed), kNow);
  ASSERT_TRUE(left);
  EXPECT_EQ(left->event, PresenceEvent::Leave);
  EXPECT_EQ(left->cause, LeaveCause::Closed);
  EXPECT_EQ(left->member->profile.user, "ann");
  EXPECT_EQ(left->counts.users, 0U);
  EXPECT_TRUE(roster.is_empty());
}

TEST(Roster, WaitsForAClientThatIsLost) {
  Roster roster(0);
  roster.enter(0, profile(kAnn), kNow);
  EXPECT_FALSE(roster.leave(0, leaving(kAnn, LeaveCause::Lost, kSoon), kNow));
  EXPECT_EQ(roster.end_of(kAnn), kSoon);
  EXPECT_FALSE(roster.expire(kAnn, kNow));
  EXPECT_FALSE(roster.enter(2, profile(kAnn), kNow)) << "it is back";
  EXPECT_FALSE(roster.expire(kAnn, kLater)) << "it is held";
  roster.leave(2, leaving(kAnn, LeaveCause::Lost, kSoon), kNow);
  const auto left = roster.expire(kAnn, kSoon);
  ASSERT_TRUE(left);
  EXPECT_EQ(left->cause, LeaveCause::Lost);
}

TEST(Roster, DoesNotWaitForOneThatIsThereOverAnotherConnection) {
  Roster roster(0);
  roster.enter(0, profile(kAnn), kNow);
  roster.enter(1, profile(kAnn), kNow);
  roster.leave(0, leaving(kAnn, LeaveCause::Lost, kLater), kNow);
  const auto left = roster.leave(1, leaving(kAnn, LeaveCause::Left), kNow);
  ASSERT_TRUE(left);
  EXPECT_EQ(left->cause, LeaveCause::Left);
}

TEST(Roster, ForgetsTheWaitOfOneThatCameBackAndSaysGoodbye) {
  Roster roster(0);
  roster.enter(0, profile(kAnn), kNow);
  roster.leave(0, leaving(kAnn, LeaveCause::Lost, kLater), kNow);
  roster.enter(0, profile(kAnn), kNow);
  EXPECT_TRUE(roster.leave(0, leaving(kAnn, LeaveCause::Left), kNow));
}

TEST(Roster, KeepsOneThatPollsWhenItsConnectionGoes) {
  Roster roster(0);
  roster.enter(0, profile(kAnn), kNow);
  EXPECT_FALSE(roster.touch(profile(kAnn), kSoon, kNow));
  EXPECT_FALSE(roster.leave(0, leaving(kAnn, LeaveCause::Closed), kNow));
  roster.touch(profile(kAnn), kLater, kNow);
  EXPECT_FALSE(roster.expire(kAnn, kSoon)) << "it has polled again";
  EXPECT_TRUE(roster.expire(kAnn, kLater));
}

TEST(Roster, TellsOfAnotherUserInfoOrData) {
  Roster roster(0);
  roster.enter(0, profile(kAnn, "ann"), kNow);
  const auto renamed = roster.enter(0, profile(kAnn, "ann", R"({"name":"Ann"})"), kSoon);
  ASSERT_TRUE(renamed);
  EXPECT_EQ(renamed->event, PresenceEvent::Update);
  EXPECT_EQ(renamed->member->since, kNow);
  const auto shown = roster.set_data(kAnn, "1");
  ASSERT_TRUE(shown);
  EXPECT_EQ(shown->member->data, "1");
  EXPECT_EQ(shown->member->profile.info, R"({"name":"Ann"})");
  EXPECT_FALSE(roster.set_data(kAnn, "1"));
  EXPECT_FALSE(roster.set_data(kBob, "1"));
  EXPECT_EQ(roster.enter(0, profile(kAnn, "ann"), kSoon)->member->data, "1");
}

TEST(Roster, GivesItsMembersByPages) {
  Roster roster(0);
  for (std::uint64_t value = 1; value <= 10'000; ++value) {
    roster.touch(profile(ClientId{value * 7919}), kLater, kNow);
  }
  std::size_t seen = 0;
  ClientId after;
  for (bool at_end = false; !at_end;) {
    const PresencePage page = roster.page(after, 1'000);
    EXPECT_EQ(page.counts.clients, 10'000U);
    for (const PresenceMemberPtr& member : page.members) {
      EXPECT_LT(after, member->profile.client);
      after = member->profile.client;
      ++seen;
    }
    at_end = page.at_end;
  }
  EXPECT_EQ(seen, 10'000U);
  EXPECT_TRUE(roster.page({}, 0).members.empty());
}

TEST(Roster, ForgetsNobodyItDoesNotKnow) {
  Roster roster(0);
  EXPECT_FALSE(roster.leave(0, leaving(kAnn, LeaveCause::Left), kNow));
  EXPECT_FALSE(roster.expire(kAnn, kNow));
  EXPECT_FALSE(roster.end_of(kAnn));
}

}  // namespace
}  // namespace carillon::hub
