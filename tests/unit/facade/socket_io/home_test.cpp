#include "facade/socket_io/home.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace carillon::facade {
namespace {

SocketIoPlace place(std::uint32_t slot, std::uint32_t reactor = 0) {
  return {.reactor = reactor, .socket = {.slot = slot, .generation = 1}};
}

/// The slots of those who are meant.
std::vector<std::uint32_t> slots(const SocketIoPlaces& places) {
  std::vector<std::uint32_t> found;
  for (const auto& [reactor, sockets] : places) {
    for (const Handle each : sockets) found.push_back(each.slot);
  }
  std::ranges::sort(found);
  return found;
}

using Slots = std::vector<std::uint32_t>;

class SocketIoHomeTest : public ::testing::Test {
 protected:
  SocketIoHomeTest() {
    home_.add("one", place(1), "", {"one", "kitchen"});
    home_.add("two", place(2), "", {"two", "kitchen", "garden"});
    home_.add("three", place(3, 1), "", {"three"});
  }

  Slots those(SocketIoTarget target) { return slots(home_.places(target)); }

  SocketIoHome home_{std::nullopt};
};

TEST_F(SocketIoHomeTest, NamesWhomATargetMeans) {
  EXPECT_EQ(those({}), (Slots{1, 2, 3}));
  EXPECT_EQ(those({.rooms = {"kitchen"}, .except = {}}), (Slots{1, 2}));
  EXPECT_EQ(those({.rooms = {"kitchen", "garden", "three"}, .except = {}}), (Slots{1, 2, 3}));
  EXPECT_EQ(those({.rooms = {"kitchen"}, .except = {"garden"}}), Slots{1});
  EXPECT_EQ(those({.rooms = {}, .except = {"two"}}), (Slots{1, 3}));
  EXPECT_EQ(those({.rooms = {"nowhere"}, .except = {}}), Slots{});
  EXPECT_EQ(home_.places({}).size(), 2U) << "by reactor";
}

TEST_F(SocketIoHomeTest, FollowsJoinsAndLeaves) {
  home_.join("three", "kitchen");
  home_.leave("one", "kitchen");
  home_.leave("one", "kitchen");
  home_.join("nobody", "kitchen");
  EXPECT_EQ(those({.rooms = {"kitchen"}, .except = {}}), (Slots{2, 3}));
  EXPECT_EQ(slots(home_.join_all({.rooms = {"kitchen"}, .except = {}}, "hall")), (Slots{2, 3}));
  EXPECT_EQ(those({.rooms = {"hall"}, .except = {}}), (Slots{2, 3}));
  home_.leave_all({.rooms = {"two"}, .except = {}}, "hall");
  EXPECT_EQ(those({.rooms = {"hall"}, .except = {}}), Slots{3});
}

TEST_F(SocketIoHomeTest, AnIdIsThereOnce) {
  EXPECT_FALSE(home_.add("one", place(9), "", {}));
  home_.remove("one", place(9), std::nullopt, {});
  EXPECT_EQ(those({.rooms = {"one"}, .except = {}}), Slots{1}) << "it was not that one";
}

TEST(SocketIoHome, LetsGoOfTheLostInTime) {
  SocketIoHome home(RecoveryLimits{.time = std::chrono::seconds(60)});
  const TimePoint now = TimePoint() + std::chrono::seconds(1000);
  EXPECT_FALSE(home.wants_pruning());
  home.add("one", {}, "pid", {});
  home.remove("one", {}, std::any(), now);
  EXPECT_TRUE(home.wants_pruning());
  EXPECT_FALSE(home.wants_pruning()) << "it was asked already";
  home.prune(now + std::chrono::seconds(30));
  EXPECT_FALSE(home.is_empty());
  EXPECT_TRUE(home.wants_pruning());
  home.prune(now + std::chrono::seconds(61));
  EXPECT_TRUE(home.is_empty());
  EXPECT_FALSE(home.wants_pruning());
}

TEST(SocketIoHome, OneThatComesBackAndIsLostAgainIsStillSentWhatItMissed) {
  SocketIoHome home(RecoveryLimits{});
  const TimePoint now = TimePoint() + std::chrono::seconds(1000);
  for (int i = 0; i < 5; ++i) home.log()->append(std::make_shared<const SocketIoPacket>(), {}, now);
  home.add("one", {}, "pid", {}, 2);
  home.remove("one", {}, std::any(), now);
  const auto found = home.log()->find("pid", std::nullopt, now);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->from, 2U);
}

TEST_F(SocketIoHomeTest, IsEmptyOnceAllHaveGone) {
  home_.remove("one", place(1), std::nullopt, {});
  home_.remove("two", place(2), std::nullopt, {});
  EXPECT_EQ(those({}), Slots{3});
  EXPECT_FALSE(home_.is_empty());
  home_.remove("three", place(3, 1), std::nullopt, {});
  EXPECT_TRUE(home_.is_empty());
}

}  // namespace
}  // namespace carillon::facade
