#include "access/host_rule.hpp"

#include <gtest/gtest.h>

namespace carillon::access {
namespace {

HostList list_of(std::initializer_list<const char*> names) {
  HostList hosts;
  for (const char* name : names) EXPECT_TRUE(hosts.add(name)) << name;
  return hosts;
}

TEST(HostRule, AllowsWhatCannotBeReboundWithoutAnyConfiguration) {
  for (const char* host :
       {"127.0.0.1", "127.0.0.1:8000", "192.0.2.1:1", "[::1]", "[::1]:8000", "[2001:db8::1]",
        "[::ffff:127.0.0.1]:80", "localhost", "LOCALHOST:8000", "localhost.", "app.localhost",
        "a.b.LocalHost:3000", "evil.com.localhost"}) {
    EXPECT_TRUE(decide_host({}, host).allowed()) << host;
  }
}

TEST(HostRule, AllowsARequestWithoutHost) {
  EXPECT_TRUE(decide_host({}, "").allowed());
}

TEST(HostRule, RefusesEveryOtherName) {
  for (const char* host : {"evil.com",
                           "evil.com:8000",
                           "localhost.evil.com",
                           "127.0.0.1.evil.com",
                           "notlocalhost",
                           "xlocalhost",
                           "localhostx",
                           ".localhost",
                           "localhost..",
                           "127.0.0.1.nip.io",
                           "user@localhost",
                           "localhost@evil.com",
                           "localhost:80@evil.com",
                           "localhost,evil.com",
                           "2130706433",
                           "0x7f.1",
                           "0177.0.0.1",
                           "127.1",
                           "127.0.0.1.",
                           "::1",
                           "[::1%25lo]",
                           "[::1].evil.com",
                           "localhost%00.evil.com",
                           "local host",
                           "localhost\\.evil.com",
                           "localhost:99999",
                           "http://localhost"}) {
    EXPECT_EQ(decide_host({}, host).verdict, Verdict::Forbidden) << host;
  }
}

TEST(HostRule, AllowsTheListedNamesWhateverPortAndCase) {
  const HostList hosts = list_of({"Example.com", "*.example.org", "service_1"});
  for (const char* host : {"example.com", "EXAMPLE.COM:8443", "example.com.", "a.example.org",
                           "a.b.Example.Org:1", "service_1:80", "localhost", "192.0.2.1"}) {
    EXPECT_TRUE(decide_host(hosts, host).allowed()) << host;
  }
  for (const char* host : {"example.org", "www.example.com", "badexample.org", "example.com.evil",
                           "a.example.org.evil", ".example.org", "-example.com"}) {
    EXPECT_FALSE(decide_host(hosts, host).allowed()) << host;
  }
}

TEST(HostRule, AllowsEveryNameWithAStarButNoNonsense) {
  const HostList hosts = list_of({"*"});
  EXPECT_TRUE(decide_host(hosts, "whatever.example").allowed());
  EXPECT_FALSE(decide_host(hosts, "user@whatever.example").allowed());
}

TEST(HostRule, NamesTheKeyToSet) {
  EXPECT_EQ(
      decide_host({}, "Evil.com:8000").reason,
      "this server does not answer to the name \"Evil.com\"; if it should, add \"Evil.com\" to "
      "[access] hosts");
  EXPECT_EQ(decide_host({}, "a\"b\x01").reason, "Host \"a?b?\" is not a host name");
}

TEST(HostList, TakesNamesOnly) {
  HostList hosts;
  for (const char* name :
       {"", "https://example.com", "example.com:80", "example.com:", "example.com/", "*example.com",
        "a.*.com", "*.", "**", "*.1.2.3.4", "1.2.3.4:80", "::1", "exämple.com"}) {
    EXPECT_FALSE(hosts.add(name)) << name;
  }
  EXPECT_TRUE(hosts.add("192.0.2.1"));  // superfluous, and no fault
  EXPECT_TRUE(hosts.add("[2001:db8::1]"));
  EXPECT_FALSE(hosts.has("example.com"));
}

}  // namespace
}  // namespace carillon::access
