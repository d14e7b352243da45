#include "access/permissions.hpp"

#include <gtest/gtest.h>

#include <memory>

#include <vector>

namespace carillon::access {
namespace {

const std::vector kGrantable = {Action::Subscribe, Action::Publish, Action::History,
                                Action::Ephemeral};
const std::vector kLocalOnly = {Action::ListChannels, Action::Observe};
const Identity kAnonymous;

Permissions granting(std::initializer_list<Action> actions) {
  Permissions permissions{.stance = Stance::Configured};
  for (const Action action : actions) permissions.anonymous.add(action);
  return permissions;
}

TEST(Permissions, LetLocalClientsDoEverythingWithoutAnAccessSection) {
  for (const auto& actions : {kGrantable, kLocalOnly}) {
    for (const Action action : actions) {
      EXPECT_TRUE(decide({}, kAnonymous, Locality::Loopback, action, "chat").allowed());
      EXPECT_TRUE(decide({}, kAnonymous, Locality::UnixSocket, action, "chat").allowed());
      const Decision remote = decide({}, kAnonymous, Locality::Remote, action, "chat");
      EXPECT_EQ(remote.verdict, Verdict::Forbidden);
      EXPECT_NE(remote.reason.find("[access]"), std::string::npos);
    }
  }
}

TEST(Permissions, LetNobodyDoAnythingWithAnEmptyAccessSection) {
  for (const Action action : kGrantable) {
    for (const Locality locality : {Locality::Loopback, Locality::UnixSocket, Locality::Remote}) {
      const Decision decision = decide(granting({}), kAnonymous, locality, action, "chat");
      EXPECT_EQ(decision.verdict, Verdict::Unauthenticated);
    }
  }
}

TEST(Permissions, LetAnonymousClientsDoWhatIsListedAndNothingElse) {
  for (const Action granted : kGrantable) {
    for (const Action asked : kGrantable) {
      const auto decision =
          decide(granting({granted}), kAnonymous, Locality::Remote, asked, "chat");
      EXPECT_EQ(decision.allowed(), granted == asked);
    }
  }
}

TEST(Permissions, KeepChannelListAndMetricsOnThisMachine) {
  const Permissions all =
      granting({Action::Subscribe, Action::Publish, Action::History, Action::Ephemeral});
  for (const Action action : kLocalOnly) {
    EXPECT_TRUE(decide(all, kAnonymous, Locality::Loopback, action, "").allowed());
    EXPECT_TRUE(decide(all, kAnonymous, Locality::UnixSocket, action, "").allowed());
    EXPECT_EQ(decide(all, kAnonymous, Locality::Remote, action, "").verdict, Verdict::Forbidden);
  }
}

TEST(Permissions, NameTheKeyToSet) {
  EXPECT_EQ(
      decide(granting({}), kAnonymous, Locality::Remote, Action::Publish, "chat").reason,
      "anonymous clients may not publish to \"chat\"; to let them, add \"publish\" to [access] "
      "anonymous");
  EXPECT_EQ(decide(granting({}), kAnonymous, Locality::Remote, Action::Subscribe, "").reason,
            "anonymous clients may not subscribe to channels; to let them, add \"subscribe\" to "
            "[access] anonymous");
}

TEST(Permissions, RefuseAUserAsForbiddenSinceAnotherTokenWouldNotHelp) {
  const Identity user{std::make_shared<const Claims>(Claims{.user = "ann"})};
  const auto decision = decide(granting({}), user, Locality::Remote, Action::Publish, "chat");
  EXPECT_EQ(decision.verdict, Verdict::Forbidden);
}

TEST(Permissions, OfATokenAreWhatItSaysAndWhatAnonymousClientsMay) {
  Claims claims{.user = "ann"};
  ASSERT_TRUE(claims.grants.add("chat:*", ActionSet::every()));
  const Identity ann{std::make_shared<const Claims>(claims)};
  const auto may = [&](Action action, Bytes channel) {
    return decide(granting({Action::Subscribe}), ann, Locality::Remote, action, channel).allowed();
  };
  EXPECT_TRUE(may(Action::Publish, "chat:a"));
  EXPECT_FALSE(may(Action::Publish, "news"));
  EXPECT_TRUE(may(Action::Subscribe, "news"));
  EXPECT_FALSE(may(Action::ListChannels, ""));
}

TEST(Permissions, AUsersChannelIsTheUsers) {
  const Identity ann{std::make_shared<const Claims>(Claims{.user = "ann"})};
  const auto verdict = [&](const Identity& who, Bytes channel) {
    return decide(granting({Action::Subscribe}), who, Locality::Remote, Action::Subscribe, channel)
        .verdict;
  };
  EXPECT_EQ(verdict(ann, "user:ann"), Verdict::Allowed);
  EXPECT_EQ(verdict(ann, "user:bob"), Verdict::Forbidden);
  EXPECT_EQ(verdict(ann, "user:"), Verdict::Forbidden);
  EXPECT_EQ(verdict(kAnonymous, "user:ann"), Verdict::Unauthenticated);
  EXPECT_EQ(verdict(kAnonymous, "user"), Verdict::Allowed);
  Claims claims{.user = "bob"};
  ASSERT_TRUE(claims.grants.add("user:*", ActionSet::every()));
  EXPECT_EQ(verdict({std::make_shared<const Claims>(claims)}, "user:ann"), Verdict::Allowed);
}

TEST(Actions, HaveTheirWords) {
  for (const Action action : kGrantable) EXPECT_EQ(parse_action(action_name(action)), action);
  for (const Action action : kLocalOnly) EXPECT_EQ(action_name(action), "");
  EXPECT_EQ(parse_action("subscribe"), Action::Subscribe);
  EXPECT_EQ(parse_action("publish"), Action::Publish);
  EXPECT_EQ(parse_action("history"), Action::History);
  EXPECT_EQ(parse_action("ephemeral"), Action::Ephemeral);
  for (const char* word : {"", "Publish", "publish ", "observe", "admin", "*"}) {
    EXPECT_FALSE(parse_action(word)) << word;
  }
}

}  // namespace
}  // namespace carillon::access
