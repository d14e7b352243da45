#include "access/limit_key.hpp"

#include <gtest/gtest.h>

namespace carillon::access {
namespace {

LimitKey address(const char* text) {
  return LimitKey::of(*IpAddress::parse(text));
}

TEST(LimitKey, IsAHosts) {
  EXPECT_EQ(address("192.0.2.1"), address("192.0.2.1"));
  EXPECT_EQ(address("192.0.2.1"), address("::ffff:192.0.2.1"));
  EXPECT_NE(address("192.0.2.1"), address("192.0.2.2"));
  EXPECT_EQ(address("2001:db8:1:2::1"), address("2001:db8:1:2:ffff:ffff:ffff:ffff"));
  EXPECT_NE(address("2001:db8:1:2::1"), address("2001:db8:1:3::1"));
}

TEST(LimitKey, IsAnotherForEachSubjectAndThing) {
  EXPECT_NE(LimitKey::of(LimitSubject::User, "a"), LimitKey::of(LimitSubject::Channel, "a"));
  EXPECT_NE(address("192.0.2.1").with(1), address("192.0.2.1").with(2));
  EXPECT_FALSE(LimitKey{});
  EXPECT_TRUE(LimitKey::of(LimitSubject::User, ""));
}

}  // namespace
}  // namespace carillon::access
