// What each limit of a request is counted in, and that its last octet is still accepted.
#include <gtest/gtest.h>

#include "protocol/http1/parser.hpp"
#include "tests/unit/protocol/http1/support.hpp"

namespace carillon::http1 {
namespace {

using testing::difference_by_cuts;
using testing::read_whole;

constexpr Bytes kRequest = "POST /abc HTTP/1.1\r\nHost: a\r\nX: b\r\n\r\n";
constexpr Bytes kChunked =
    "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
    "1;abc\r\nx\r\n2;de=f\r\nyz\r\n0;g\r\nX: b\r\nY: c\r\n\r\n";

/// `exact` lets the request through and `short_by_one` does not, wherever it is cut.
void expect_limit(Bytes octets, const Limits& exact, const Limits& short_by_one, ParseError error) {
  EXPECT_FALSE(read_whole(octets, exact).error);
  EXPECT_EQ(read_whole(octets, short_by_one).error, error);
  EXPECT_EQ(difference_by_cuts(octets, exact), std::nullopt);
  EXPECT_EQ(difference_by_cuts(octets, short_by_one), std::nullopt);
}

TEST(RequestLimits, CountTheOctetsOfTheMethod) {
  expect_limit(kRequest, {.method_bytes = 4}, {.method_bytes = 3}, ParseError::MethodTooLong);
}

TEST(RequestLimits, CountTheOctetsOfTheTarget) {
  expect_limit(kRequest, {.target_bytes = 4}, {.target_bytes = 3}, ParseError::TargetTooLong);
}

TEST(RequestLimits, CountTheFields) {
  expect_limit(kRequest, {.field_count = 2}, {.field_count = 1}, ParseError::TooManyFields);
}

TEST(RequestLimits, CountTheOctetsOfTheHeaderSectionWithItsLineEnds) {
  expect_limit(kRequest, {.header_bytes = 17}, {.header_bytes = 16}, ParseError::HeaderTooLarge);
}

TEST(RequestLimits, CountTheTrailersOnTheirOwn) {
  expect_limit(kChunked, {.field_count = 2, .trailer_bytes = 14},
               {.field_count = 2, .trailer_bytes = 13}, ParseError::HeaderTooLarge);
  const Bytes three_trailers =
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
      "0\r\nX: b\r\nY: c\r\nZ: d\r\n\r\n";
  expect_limit(three_trailers, {.field_count = 3}, {.field_count = 2}, ParseError::TooManyFields);
}

TEST(RequestLimits, CountTheExtensionsOfAllChunksTogether) {
  expect_limit(kChunked, {.chunk_extension_bytes = 11}, {.chunk_extension_bytes = 10},
               ParseError::ChunkExtensionTooLong);
}

TEST(RequestLimits, CountEmptyLinesBeforeEachRequest) {
  const std::string octets =
      "\r\n\r\n" + std::string(kRequest) + "\r\n\r\n" + std::string(kRequest);
  EXPECT_FALSE(read_whole(octets, {.leading_empty_lines = 2}).error);
  EXPECT_EQ(read_whole(octets, {.leading_empty_lines = 1}).error, ParseError::TooManyEmptyLines);
}

TEST(RequestLimits, LeaveRoomForTheRequestLineOfTheStandard) {
  const std::string target = "/" + std::string(7980, 'a');
  const std::string octets = "GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n";
  EXPECT_FALSE(read_whole(octets).error);
}

TEST(RequestLimits, EndAnEndlessHeadWithoutALineEnd) {
  const std::string endless(40'000, 'a');
  EXPECT_EQ(read_whole(endless).error, ParseError::MethodTooLong);
  EXPECT_EQ(read_whole("GET /" + endless).error, ParseError::TargetTooLong);
  EXPECT_EQ(read_whole("GET / HTTP/1.1\r\n" + endless).error, ParseError::HeaderTooLarge);
  EXPECT_EQ(read_whole("GET / HTTP/1.1\r\nX:" + endless).error, ParseError::HeaderTooLarge);
}

}  // namespace
}  // namespace carillon::http1
