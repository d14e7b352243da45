#include "protocol/http1/content_coding.hpp"

#include <gtest/gtest.h>

#include <array>

namespace carillon::http1 {
namespace {

constexpr std::array kBoth{ContentCoding::Brotli, ContentCoding::Gzip};
constexpr std::array kGzip{ContentCoding::Gzip};

Bytes chosen(Bytes accepted, std::span<const ContentCoding> offered = kBoth) {
  Fields fields;
  fields.add("Accept-Encoding", accepted);
  return name_of(choose_coding(fields, offered));
}

TEST(ContentCoding, IsTheFirstOfferedAmongEqualWeights) {
  EXPECT_EQ(chosen("gzip, br"), "br");
  EXPECT_EQ(chosen("gzip, deflate, br, zstd"), "br");
  EXPECT_EQ(chosen("gzip"), "gzip");
  EXPECT_EQ(chosen("X-GZIP"), "gzip");
  EXPECT_EQ(chosen("gzip, br", kGzip), "gzip");
}

TEST(ContentCoding, FollowsTheWeights) {
  EXPECT_EQ(chosen("br;q=0.5, gzip;q=0.501"), "gzip");
  EXPECT_EQ(chosen("br;q=1.000, gzip"), "br");
  EXPECT_EQ(chosen("br;q=0, gzip ; Q=0.1"), "gzip");
  EXPECT_EQ(chosen("br;q=0., gzip;q=0.000"), "identity");
}

TEST(ContentCoding, TakesTheAsteriskForAllOthers) {
  EXPECT_EQ(chosen("*"), "br");
  EXPECT_EQ(chosen("br;q=0, *"), "gzip");
  EXPECT_EQ(chosen("gzip;q=0.5, *;q=0.1"), "gzip");
  EXPECT_EQ(chosen("*;q=0"), "identity");
  EXPECT_EQ(chosen("gzip;q=0.5, *", kGzip), "gzip");
}

TEST(ContentCoding, IsIdentityWhereTheClientPrefersIt) {
  EXPECT_EQ(chosen("identity, gzip;q=0.5"), "identity");
  EXPECT_EQ(chosen("identity, gzip"), "gzip");
  EXPECT_EQ(chosen("identity;q=0.5, gzip;q=0.6"), "gzip");
  EXPECT_EQ(chosen("identity;q=0"), "identity");
  EXPECT_EQ(chosen(""), "identity");
  EXPECT_EQ(name_of(choose_coding(Fields(), kBoth)), "identity");
}

TEST(ContentCoding, SkipsMalformedMembers) {
  for (const Bytes member : {"br;q=2", "br;q=1.001", "br;q=0.1234", "br;q=", "br;q=.5", "br;q=-1",
                             "br;x=1", "br;", "br q=1", "b r", "br;q=0.a", "br;q=00", "br;q=1x"}) {
    EXPECT_EQ(chosen(std::string(member) + ", gzip;q=0.1"), "gzip") << member;
  }
}

TEST(ContentCoding, ReadsAllLines) {
  Fields fields;
  fields.add("Accept-Encoding", "gzip;q=0.2");
  fields.add("accept-encoding", "br");
  EXPECT_EQ(choose_coding(fields, kBoth), ContentCoding::Brotli);
}

}  // namespace
}  // namespace carillon::http1
