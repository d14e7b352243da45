#include "facade/socket_io/query_auth.hpp"

#include <gtest/gtest.h>

namespace carillon::facade {
namespace {

TEST(QueryAuth, IsAnObjectOfTheParameters) {
  EXPECT_EQ(auth_of_query("").to_json(), "{}");
  EXPECT_EQ(auth_of_query("token=a%20b&x").to_json(), R"({"token":"a b","x":""})");
  EXPECT_EQ(auth_of_query("q%22=%22").to_json(), R"({"q\"":"\""})");
}

TEST(QueryAuth, GathersWhatComesAgain) {
  EXPECT_EQ(auth_of_query("a=1&b=2&a=3").to_json(), R"({"a":["1","3"],"b":"2"})");
}

TEST(QueryAuth, HasNoNameTwice) {
  EXPECT_EQ(auth_of_query("=&=").to_json(), R"({"":["",""]})");
  EXPECT_EQ(auth_of_query("%ff=1&%fe=2").to_json(), "{\"\uFFFD\":[\"1\",\"2\"]}");
}

TEST(QueryAuth, IsEmptyWhereTheQueryIsMalformed) {
  EXPECT_EQ(auth_of_query("a=%zz").to_json(), "{}");
}

}  // namespace
}  // namespace carillon::facade
