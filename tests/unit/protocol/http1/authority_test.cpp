#include "protocol/http1/authority.hpp"

#include <gtest/gtest.h>

#include <string>

namespace carillon::http1 {
namespace {

TEST(Authority, IsAHostAndAPort) {
  const auto authority = split_authority("Example.org:8080");
  ASSERT_TRUE(authority);
  EXPECT_EQ(authority->host, "Example.org");
  EXPECT_EQ(authority->port, "8080");
}

TEST(Authority, MayHaveNoPortOrAnEmptyOne) {
  EXPECT_EQ(split_authority("127.0.0.1")->port, "");
  EXPECT_EQ(split_authority("127.0.0.1:")->host, "127.0.0.1");
  EXPECT_EQ(split_authority("a:65535")->port, "65535");
  EXPECT_EQ(split_authority("a:00080")->port, "00080");
}

TEST(Authority, MayBeAnIpv6Address) {
  EXPECT_EQ(split_authority("[::1]")->host, "[::1]");
  EXPECT_EQ(split_authority("[2001:DB8::8:800:200C:417A]:80")->port, "80");
  EXPECT_EQ(split_authority("[::ffff:127.0.0.1]")->host, "[::ffff:127.0.0.1]");
}

TEST(Authority, MayHaveAnEncodedName) {
  EXPECT_EQ(split_authority("m%C3%BCnchen.example")->host, "m%C3%BCnchen.example");
  EXPECT_EQ(split_authority("a_b!$&'()*+;=~")->host, "a_b!$&'()*+;=~");
}

TEST(Authority, IsNothingElse) {
  for (const Bytes text : {"",        ":",       ":80",       "a:b",   "a:65536", "a:000080",
                           "a:1:2",   "a b",     "u@a",       "a/b",   "a,b",     "a?",
                           "a#",      "[",       "]",         "[]",    "[::1",    "::1",
                           "[::1]a",  "[::1]:a", "[1.2.3.4]", "[::g]", "[v1.a]",  "[fe80::1%eth0]",
                           "[[::1]]", "a[::1]",  "a%",        "a%4",   "\xC3\xA4"}) {
    EXPECT_FALSE(split_authority(text)) << text;
  }
  EXPECT_FALSE(split_authority(Bytes("[::1\0]", 6)));
  EXPECT_FALSE(split_authority("[" + std::string(60, ':') + "]"));
}

}  // namespace
}  // namespace carillon::http1
