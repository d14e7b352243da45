#include "access/forwarded_fields.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace carillon::access {
namespace {

std::optional<std::vector<ForwardedElement>> parsed(Bytes field) {
  std::vector<ForwardedElement> elements;
  if (!parse_forwarded(field, elements)) return std::nullopt;
  return elements;
}

TEST(ForwardedField, IsReadAsTheRfcShowsIt) {
  const auto elements = parsed(
      "for=192.0.2.43, For=\"[2001:db8:cafe::17]:4711\";proto=http;by=203.0.113.43, "
      "for=unknown;HOST=\"example.com:8443\" ; proto=https,for=_gazonk");
  ASSERT_TRUE(elements);
  ASSERT_EQ(elements->size(), 4U);
  EXPECT_EQ(elements->at(0).node, "192.0.2.43");
  EXPECT_EQ(elements->at(0).proto, "");
  EXPECT_EQ(elements->at(1).node, "[2001:db8:cafe::17]:4711");
  EXPECT_EQ(elements->at(1).proto, "http");
  EXPECT_EQ(elements->at(2).node, "unknown");
  EXPECT_EQ(elements->at(2).host, "example.com:8443");
  EXPECT_EQ(elements->at(2).proto, "https");
  EXPECT_EQ(elements->at(3).node, "_gazonk");
}

TEST(ForwardedField, MaySkipQuotesAndMembersAndHaveExtensions) {
  const auto elements =
      parsed(" ,, for=[2001:db8::1]:80;;secret=\"a\\\"b, for=1.1.1.1\"; ,\t,for=1.2.3.4:5,");
  ASSERT_TRUE(elements);
  ASSERT_EQ(elements->size(), 2U);
  EXPECT_EQ(elements->at(0).node, "[2001:db8::1]:80");
  EXPECT_EQ(elements->at(1).node, "1.2.3.4:5");
  EXPECT_TRUE(parsed("")->empty());
  EXPECT_TRUE(parsed(" , ,")->empty());
}

TEST(ForwardedField, IsRefusedWhereReadersCouldDisagree) {
  for (const char* field :
       {"for", "for=", "=1.2.3.4", "for=\"1.2.3.4", "for=1.2.3.4\"", "for=\"1.2.3.4\"x",
        "for=1.2.3.4 for=5.6.7.8", "for=1.2.3.4;for=5.6.7.8", "for=a;FOR=b", "for =1.2.3.4",
        "for= 1.2.3.4", "for=\"1.2.3\\.4\"", "host=\"a\\\"b\"", "for=<script>", "for=a=b",
        "for=\xc3\xa4", "for=1.2.3.4\x01", "1.2.3.4", "1.2.3.4, 5.6.7.8",
        // What a client leaves open, a proxy's own words would end.
        "for=\", for=1.2.3.4", "for=\", for=\"[2001:db8::1]\"",
        "for=\"\\\", for=\"[2001:db8::1]\""}) {
    EXPECT_FALSE(parsed(field)) << field;
  }
}

TEST(ForwardedField, HoldsAHundredElementsAtMost) {
  std::string field = "for=a";
  for (int i = 1; i < 100; ++i) field += ",for=a";
  EXPECT_EQ(parsed(field)->size(), 100U);
  EXPECT_FALSE(parsed(field + ",for=a"));
  EXPECT_TRUE(parsed(field + std::string(10'000, ',')));
}

TEST(ForwardedField, IsReadOrRefusedWhereverItIsCut) {
  const std::string field = "for=\"[2001:db8::1]:80\";proto=https;host=a.b, for=1.2.3.4;x=\"\\\"\"";
  for (std::size_t size = 0; size <= field.size(); ++size) {
    const auto elements = parsed(Bytes(field).substr(0, size));
    EXPECT_LE(elements.value_or(std::vector<ForwardedElement>{}).size(), 2U) << size;
  }
  EXPECT_TRUE(parsed(field));
}

TEST(SplitMembers, TrimsAndSkipsEmptyOnes) {
  std::vector<Bytes> members;
  split_members(" a ,,\tb,c d ,", members);
  EXPECT_THAT(members, testing::ElementsAre("a", "b", "c d"));
  split_members("", members);
  split_members("e", members);
  EXPECT_THAT(members, testing::ElementsAre("a", "b", "c d", "e"));
}

TEST(ParseNode, FindsTheAddress) {
  const auto v4 = IpAddress::parse("192.0.2.1");
  const auto v6 = IpAddress::parse("2001:db8::1");
  EXPECT_EQ(parse_node("192.0.2.1"), v4);
  EXPECT_EQ(parse_node("192.0.2.1:4711"), v4);
  EXPECT_EQ(parse_node("192.0.2.1:_port"), v4);
  EXPECT_EQ(parse_node("2001:db8::1"), v6);
  EXPECT_EQ(parse_node("[2001:db8::1]"), v6);
  EXPECT_EQ(parse_node("[2001:db8::1]:4711"), v6);
  EXPECT_EQ(parse_node("::ffff:192.0.2.1"), v4);
  for (const char* text : {"", "unknown", "_hidden", "localhost", "[2001:db8::1", "[2001:db8::1]80",
                           "192.0.2", "192.0.2.1.", "\"192.0.2.1\"", ":80", "[]:80", "[]"}) {
    EXPECT_FALSE(parse_node(text)) << text;
  }
}

}  // namespace
}  // namespace carillon::access
