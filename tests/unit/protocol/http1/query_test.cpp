#include "protocol/http1/query.hpp"

#include <gtest/gtest.h>

namespace carillon::http1 {
namespace {

TEST(QueryParameters, AreNamesAndValues) {
  const auto parameters = QueryParameters::parse("a=1&b=2=3&c&=d&a=").value();
  ASSERT_EQ(parameters.size(), 5U);
  EXPECT_EQ(parameters.find("a"), "1");
  EXPECT_EQ(parameters.find("b"), "2=3");
  EXPECT_EQ(parameters.find("c"), "");
  EXPECT_EQ(parameters.find(""), "d");
  EXPECT_FALSE(parameters.find("d"));
  EXPECT_EQ(parameters.at(4), std::make_pair(Bytes("a"), Bytes("")));
}

TEST(QueryParameters, KeepTheOrderOfARepeatedName) {
  const auto parameters = QueryParameters::parse("x=1&y=2&x=3&x=1").value();
  EXPECT_EQ(parameters.find_all("x"), (std::vector<Bytes>{"1", "3", "1"}));
  EXPECT_TRUE(parameters.find_all("z").empty());
}

TEST(QueryParameters, AreDecoded) {
  const auto parameters = QueryParameters::parse("a+b=c%2Bd+e%26%3d&%C3%A4=%00").value();
  EXPECT_EQ(parameters.find("a b"), "c+d e&=");
  EXPECT_EQ(parameters.find("\xC3\xA4"), Bytes("\0", 1));
}

TEST(QueryParameters, SkipEmptyPieces) {
  EXPECT_EQ(QueryParameters::parse("").value().size(), 0U);
  EXPECT_EQ(QueryParameters::parse("&&a=1&&b&").value().size(), 2U);
}

TEST(QueryParameters, RefuseBadEscapes) {
  for (const Bytes query : {"%", "a=%", "a=%1", "%zz=a", "a=b%4&c"}) {
    EXPECT_EQ(QueryParameters::parse(query).error(), ParseError::InvalidPercentEncoding) << query;
  }
}

TEST(QueryParameters, RefuseTooMany) {
  std::string query;
  for (std::size_t index = 0; index < QueryParameters::kMaximumCount; ++index) query += "a&";
  EXPECT_EQ(QueryParameters::parse(query).value().size(), QueryParameters::kMaximumCount);
  EXPECT_EQ(QueryParameters::parse(query + "b").error(), ParseError::TooManyParameters);
}

}  // namespace
}  // namespace carillon::http1
