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

/// Ids are 20 characters.
SocketIoId id(std::string name) {
  name.resize(SocketIoId::kLength, '-');
  return *SocketIoId::parse(name);
}

/// The room of one's own.
std::string own(const std::string& name) {
  return std::string(id(name).text());
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
    home_.add(id("one"), place(1), "", {"kitchen"});
    home_.add(id("two"), place(2), "", {"kitchen", "garden"});
    home_.add(id("three"), place(3, 1), "", {});
  }

  Slots those(SocketIoTarget target) { return slots(home_.places(target)); }

  SocketIoHome home_{std::nullopt};
};

TEST_F(SocketIoHomeTest, NamesWhomATargetMeans) {
  EXPECT_EQ(those({}), (Slots{1, 2, 3}));
  EXPECT_EQ(those({.rooms = {"kitchen"}, .except = {}}), (Slots{1, 2}));
  EXPECT_EQ(those({.rooms = {"kitchen", "garden", own("three")}, .except = {}}), (Slots{1, 2, 3}));
  EXPECT_EQ(those({.rooms = {"kitchen"}, .except = {"garden"}}), Slots{1});
  EXPECT_EQ(those({.rooms = {}, .except = {own("two")}}), (Slots{1, 3}));
  EXPECT_EQ(those({.rooms = {"nowhere"}, .except = {}}), Slots{});
  EXPECT_EQ(home_.places({}).size(), 2U) << "by reactor";
}

TEST_F(SocketIoHomeTest, FollowsJoinsAndLeaves) {
  home_.join(id("three"), "kitchen");
  home_.leave(id("one"), "kitchen");
  home_.leave(id("one"), "kitchen");
  home_.join(id("nobody"), "kitchen");
  EXPECT_EQ(those({.rooms = {"kitchen"}, .except = {}}), (Slots{2, 3}));
  EXPECT_EQ(slots(home_.join_all({.rooms = {"kitchen"}, .except = {}}, "hall")), (Slots{2, 3}));
  EXPECT_EQ(those({.rooms = {"hall"}, .except = {}}), (Slots{2, 3}));
  home_.leave_all({.rooms = {own("two")}, .except = {}}, "hall");
  EXPECT_EQ(those({.rooms = {"hall"}, .except = {}}), Slots{3});
}

TEST_F(SocketIoHomeTest, AnIdIsThereOnce) {
  EXPECT_FALSE(home_.add(id("one"), place(9), "", {}));
  home_.remove(id("one"), place(9), std::nullopt, {});
  EXPECT_EQ(those({.rooms = {own("one")}, .except = {}}), Slots{1}) << "it was not that one";
}

TEST_F(SocketIoHomeTest, LeavesNoGapsInRooms) {
  home_.join(id("three"), "kitchen");
  home_.leave(id("one"), "kitchen");
  home_.leave(id("three"), "kitchen");
  EXPECT_EQ(those({.rooms = {"kitchen"}, .except = {}}), Slots{2});
  home_.join(id("one"), own("two"));
  home_.join(id("one"), own("one"));
  EXPECT_EQ(those({.rooms = {own("two")}, .except = {}}), (Slots{1, 2}));
  home_.remove(id("two"), place(2), std::nullopt, {});
  EXPECT_EQ(those({.rooms = {"kitchen", "garden"}, .except = {}}), Slots{});
  EXPECT_EQ(those({.rooms = {own("two")}, .except = {}}), Slots{1});
}

TEST(SocketIoHome, LetsGoOfTheLostInTime) {
  SocketIoHome home(RecoveryLimits{.time = std::chrono::seconds(60)});
  const TimePoint now = TimePoint() + std::chrono::seconds(1000);
  EXPECT_FALSE(home.wants_pruning());
  home.add(id("one"), {}, "pid", {});
  home.remove(id("one"), {}, std::any(), now);
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
  home.add(id("one"), {}, "pid", {}, 2);
  home.remove(id("one"), {}, std::any(), now);
  const auto found = home.log()->find("pid", std::nullopt, now);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->from, 2U);
}

TEST_F(SocketIoHomeTest, IsEmptyOnceAllHaveGone) {
  home_.remove(id("one"), place(1), std::nullopt, {});
  home_.remove(id("two"), place(2), std::nullopt, {});
  EXPECT_EQ(those({}), Slots{3});
  EXPECT_FALSE(home_.is_empty());
  home_.remove(id("three"), place(3, 1), std::nullopt, {});
  EXPECT_TRUE(home_.is_empty());
}

}  // namespace
}  // namespace carillon::facade
