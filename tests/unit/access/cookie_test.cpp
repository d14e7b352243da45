#include "access/cookie.hpp"

#include <gtest/gtest.h>

#include <set>
#include <vector>

namespace carillon::access {
namespace {

std::string name_of(const std::vector<Bytes>& channels) {
  return position_cookie_name(channels);
}

TEST(FindCookie, FindsOneAmongMany) {
  EXPECT_EQ(find_cookie("a=1; b=2; c=3", "a"), "1");
  EXPECT_EQ(find_cookie("a=1; b=2; c=3", "b"), "2");
  EXPECT_EQ(find_cookie("a=1; b=2; c=3", "c"), "3");
  EXPECT_EQ(find_cookie("a=1;b=2", "b"), "2");
  EXPECT_EQ(find_cookie("  a  =  1 2 \t;", "a"), "1 2");
  EXPECT_EQ(find_cookie("a=", "a"), "");
  EXPECT_EQ(find_cookie("a=b=c", "a"), "b=c");
  EXPECT_EQ(find_cookie("a=\"1\"", "a"), "\"1\"");
}

TEST(FindCookie, TakesTheFirstOfThatNameSinceItsPathIsTheLongest) {
  EXPECT_EQ(find_cookie("a=1; a=2", "a"), "1");
}

TEST(FindCookie, FindsNothingByHalfANameOrInAnotherValue) {
  for (const char* field :
       {"", ";", "=", "a", "a;b", "aa=1", "A=1", "x=a=1", "=a", ";;=;", "xa=1"}) {
    EXPECT_FALSE(find_cookie(field, "a")) << field;
  }
}

TEST(PositionCookieName, IsTheSameForEverOnEveryNode) {
  EXPECT_EQ(name_of({"default"}), "carillon_position_98d57945e9b05d9c");
  EXPECT_EQ(name_of({"a", "b"}), "carillon_position_78ed6781f136a14e");
}

TEST(PositionCookieName, DiffersForOtherListsAndOrders) {
  const std::set<std::string> names = {name_of({"a", "b"}), name_of({"b", "a"}),
                                       name_of({"ab"}),     name_of({"a"}),
                                       name_of({"b"}),      name_of({"a", "a"})};
  EXPECT_EQ(names.size(), 6U);
}

TEST(PositionCookie, IsWrittenForOneFolderAndTwoMinutes) {
  EXPECT_EQ(format_position_cookie("n", "k3f9:42.-.m2:0", "/api/messages/subscribe", Scheme::Http),
            "n=k3f9:42.-.m2:0; Path=/api/messages/subscribe; Max-Age=120; HttpOnly; SameSite=Lax");
  EXPECT_EQ(format_position_cookie("n", "", "/", Scheme::Https),
            "n=; Path=/; Max-Age=120; HttpOnly; SameSite=Lax; Secure");
}

TEST(PositionCookieDeathTest, IsNotWrittenWithOctetsThatWouldEndIt) {
  EXPECT_DEATH(format_position_cookie("n", "a;b", "/", Scheme::Http), "is_cookie_octet");
  EXPECT_DEATH(format_position_cookie("n", "a,b", "/", Scheme::Http), "is_cookie_octet");
  EXPECT_DEATH(format_position_cookie("n", "a", "/;x", Scheme::Http), "is_path_octet");
}

}  // namespace
}  // namespace carillon::access
