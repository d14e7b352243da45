#include "access/permissions.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <utility>
#include <vector>

namespace carillon::access {
namespace {

const std::vector kGrantable = {Action::Subscribe, Action::Publish, Action::History,
                                Action::Ephemeral, Action::Presence};
const std::vector kLocalOnly = {Action::ListChannels, Action::Observe};
const std::vector kBackEnds = {Action::ManageClients, Action::Revoke, Action::DeleteHistory};
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
  for (const Action action : kLocalOnly) {
    EXPECT_FALSE(parse_action(action_name(action)));
    EXPECT_EQ(parse_scope(action_name(action)), action);
  }
  for (const Action action : kBackEnds) EXPECT_EQ(parse_scope(action_name(action)), action);
  EXPECT_EQ(parse_action("subscribe"), Action::Subscribe);
  EXPECT_EQ(parse_action("publish"), Action::Publish);
  EXPECT_EQ(parse_action("history"), Action::History);
  EXPECT_EQ(parse_action("ephemeral"), Action::Ephemeral);
  for (const char* word : {"", "Publish", "publish ", "observe", "admin", "*"}) {
    EXPECT_FALSE(parse_action(word)) << word;
  }
}

Permissions with_audience(Stance stance, Audience audience) {
  Permissions permissions{.stance = stance};
  permissions.namespaces["chat"].set(Action::Publish, audience);
  permissions.namespaces["user"].set(Action::Publish, audience);
  return permissions;
}

Identity user(const char* name, const char* pattern = nullptr) {
  Claims claims;
  claims.user = name;
  ActionSet publish;
  publish.add(Action::Publish);
  if (pattern != nullptr) {
    EXPECT_TRUE(claims.grants.add(pattern, publish));
  }
  return {.claims = std::make_shared<const Claims>(std::move(claims)), .api_key = nullptr};
}

Identity back_end(std::initializer_list<Action> actions, const char* pattern) {
  ApiKey key{.name = "billing", .scopes = {}, .grants = {}};
  for (const Action action : actions) key.scopes.add(action);
  EXPECT_TRUE(key.grants.add(pattern, key.scopes));
  return {.claims = nullptr, .api_key = std::make_shared<const ApiKey>(std::move(key))};
}

TEST(Permissions, LetInWhomAnythingIsAllowed) {
  const Identity user{.claims = std::make_shared<const Claims>(), .api_key = nullptr};
  const Identity back_end{.claims = nullptr, .api_key = std::make_shared<const ApiKey>()};
  for (const Identity& known : {user, back_end}) {
    EXPECT_TRUE(decide_entry(granting({}), known, Locality::Remote).allowed());
  }
  EXPECT_EQ(decide_entry(granting({}), kAnonymous, Locality::Loopback).verdict,
            Verdict::Unauthenticated);
  EXPECT_TRUE(decide_entry(granting({Action::History}), kAnonymous, Locality::Remote).allowed());
  Permissions by_namespace = granting({});
  by_namespace.namespaces["chat"].set(Action::Publish, Audience::Authenticated);
  EXPECT_FALSE(decide_entry(by_namespace, kAnonymous, Locality::Remote).allowed());
  by_namespace.namespaces["news"].set(Action::Presence, Audience::Anyone);
  EXPECT_TRUE(decide_entry(by_namespace, kAnonymous, Locality::Remote).allowed());
}

TEST(Permissions, LetLocalClientsInWithoutAnAccessSection) {
  EXPECT_TRUE(decide_entry({}, kAnonymous, Locality::UnixSocket).allowed());
  EXPECT_EQ(decide_entry({}, kAnonymous, Locality::Remote).verdict, Verdict::Forbidden);
}

TEST(Permissions, FollowTheAudienceOfTheNamespace) {
  struct Row {
    Audience audience;
    bool anonymous;
    bool named;
    bool granted;
  };
  for (const Row& row :
       {Row{Audience::Default, false, false, true}, Row{Audience::Anyone, true, true, true},
        Row{Audience::Authenticated, false, true, true}, Row{Audience::Token, false, false, true},
        Row{Audience::Server, false, false, false}}) {
    const Permissions permissions = with_audience(Stance::Configured, row.audience);
    const auto may = [&](const Identity& who) {
      return decide(permissions, who, Locality::Remote, Action::Publish, "chat:a").allowed();
    };
    EXPECT_EQ(may(kAnonymous), row.anonymous);
    EXPECT_EQ(may(user("ann")), row.named);
    EXPECT_EQ(may(user("", "chat:*")), row.granted);
    EXPECT_TRUE(may(back_end({Action::Publish}, "chat:*")));
    EXPECT_FALSE(may(back_end({Action::Publish}, "news")));
    EXPECT_FALSE(may(back_end({Action::Subscribe}, "*")));
  }
}

TEST(Permissions, LeaveAUsersChannelToTheUserWhateverItsNamespaceSays) {
  for (const Audience audience : {Audience::Default, Audience::Anyone, Audience::Authenticated,
                                  Audience::Token, Audience::Server}) {
    const Permissions permissions = with_audience(Stance::Configured, audience);
    const auto may = [&](const Identity& who) {
      return decide(permissions, who, Locality::Remote, Action::Publish, "user:ann").allowed();
    };
    EXPECT_FALSE(may(kAnonymous));
    EXPECT_FALSE(may(user("bob")));
    EXPECT_EQ(may(user("ann")), audience != Audience::Server);
  }
}

TEST(Permissions, KeepWhatIsServersFromLocalClientsToo) {
  const auto may = [](Audience audience) {
    return decide(with_audience(Stance::LocalOnly, audience), kAnonymous, Locality::Loopback,
                  Action::Publish, "chat:a")
        .allowed();
  };
  EXPECT_TRUE(may(Audience::Token));
  EXPECT_FALSE(may(Audience::Server));
}

TEST(Permissions, LeaveClientsAndTokensToBackEnds) {
  for (const Action action : kBackEnds) {
    for (const Locality locality : {Locality::Loopback, Locality::UnixSocket, Locality::Remote}) {
      const Decision decision = decide({}, kAnonymous, locality, action, "");
      EXPECT_EQ(decision.verdict, Verdict::Unauthenticated);
      EXPECT_NE(decision.reason.find(action_name(action)), std::string::npos);
      EXPECT_TRUE(decide({}, back_end({action}, "*"), locality, action, "").allowed());
      EXPECT_EQ(decide({}, back_end({Action::Publish}, "*"), locality, action, "").verdict,
                Verdict::Forbidden);
    }
  }
}

TEST(Permissions, OfAnApiKeyEndWithItsChannels) {
  const Identity key = back_end({Action::DeleteHistory}, "news:*");
  for (const auto& [channel, allowed] :
       {std::pair{"news:a", true}, std::pair{"chat", false}, std::pair{"", true}}) {
    EXPECT_EQ(decide({}, key, Locality::Remote, Action::DeleteHistory, channel).allowed(), allowed);
  }
}

TEST(Permissions, LetBackEndsSeeWhatTheirScopesSay) {
  EXPECT_TRUE(decide({}, back_end({Action::Observe}, "*"), Locality::Remote, Action::Observe, "")
                  .allowed());
  EXPECT_FALSE(
      decide({}, back_end({Action::Observe}, "*"), Locality::Loopback, Action::ListChannels, "")
          .allowed());
}

}  // namespace
}  // namespace carillon::access
