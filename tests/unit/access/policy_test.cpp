#include "access/policy.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace carillon::access {
namespace {

TEST(Policy, IsMadeFromText) {
  const auto policy = make_policy({.stance = Stance::Configured,
                                   .anonymous = {"publish", "history"},
                                   .hosts = {"example.com"},
                                   .origins = {"https://app.example.com"},
                                   .trusted_proxies = {"10.0.0.0/8", "unix:"}});
  ASSERT_TRUE(policy);
  EXPECT_EQ(policy->permissions.stance, Stance::Configured);
  EXPECT_TRUE(policy->permissions.anonymous.has(Action::Publish));
  EXPECT_TRUE(policy->permissions.anonymous.has(Action::History));
  EXPECT_FALSE(policy->permissions.anonymous.has(Action::Subscribe));
  EXPECT_TRUE(policy->hosts.has("example.com"));
  EXPECT_TRUE(policy->origins.has("https://app.example.com"));
  EXPECT_TRUE(policy->trusted_proxies.contains(std::nullopt));
  EXPECT_TRUE(policy->trusted_proxies.contains(IpAddress::parse("10.1.1.1")));
}

TEST(Policy, TellsAllThatIsWrongAtOnce) {
  const auto policy = make_policy({.stance = Stance::Configured,
                                   .anonymous = {"publish", "subscribed", "ALL"},
                                   .hosts = {"https://example.com"},
                                   .origins = {"example.com"},
                                   .trusted_proxies = {"10.0.0.1/8"}});
  ASSERT_FALSE(policy);
  std::vector<std::string> keys;
  for (const PolicyError& error : policy.error()) keys.push_back(error.key);
  EXPECT_THAT(
      keys, testing::ElementsAre("anonymous", "anonymous", "hosts", "origins", "trusted_proxies"));
  EXPECT_EQ(policy.error()[0].message,
            "\"subscribed\" is not one of \"subscribe\", \"publish\", \"history\", \"ephemeral\", "
            "\"presence\"");
}

}  // namespace
}  // namespace carillon::access
