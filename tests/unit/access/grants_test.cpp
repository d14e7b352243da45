#include "access/grants.hpp"

#include <gtest/gtest.h>

namespace carillon::access {
namespace {

ActionSet set_of(Action action) {
  ActionSet set;
  set.add(action);
  return set;
}

TEST(Grants, AreForANameOrABeginning) {
  Grants grants;
  ASSERT_TRUE(grants.add("news", set_of(Action::Subscribe)));
  ASSERT_TRUE(grants.add("chat:*", set_of(Action::Publish)));
  EXPECT_TRUE(grants.allow(Action::Subscribe, "news"));
  EXPECT_FALSE(grants.allow(Action::Subscribe, "news2"));
  EXPECT_FALSE(grants.allow(Action::Publish, "news"));
  EXPECT_TRUE(grants.allow(Action::Publish, "chat:"));
  EXPECT_TRUE(grants.allow(Action::Publish, "chat:a/b"));
  EXPECT_FALSE(grants.allow(Action::Publish, "chat"));
}

TEST(Grants, AddUp) {
  Grants grants;
  ASSERT_TRUE(grants.add("*", set_of(Action::Subscribe)));
  ASSERT_TRUE(grants.add("a", ActionSet::every()));
  EXPECT_TRUE(grants.allow(Action::Subscribe, "b"));
  EXPECT_TRUE(grants.allow(Action::History, "a"));
  EXPECT_FALSE(grants.allow(Action::History, "b"));
}

TEST(Grants, EveryIsWhatCanBeGranted) {
  EXPECT_TRUE(ActionSet::every().has(Action::Ephemeral));
  EXPECT_FALSE(ActionSet::every().has(Action::ListChannels));
  EXPECT_FALSE(ActionSet::every().has(Action::Observe));
}

TEST(Grants, HaveAStarAtTheEndOnly) {
  Grants grants;
  for (const Bytes pattern : {"", "*a", "a*b", "**", "a**"}) {
    EXPECT_FALSE(grants.add(pattern, {})) << pattern;
  }
}

TEST(Grants, AreNotMoreThanAToken) {
  Grants grants;
  for (std::size_t i = 0; i < kMostGrants; ++i) ASSERT_TRUE(grants.add("a", {}));
  EXPECT_FALSE(grants.add("a", {}));
}

}  // namespace
}  // namespace carillon::access
