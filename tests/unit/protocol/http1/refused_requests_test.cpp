#include "tests/unit/protocol/http1/refused_requests.hpp"

#include <gtest/gtest.h>

#include <set>
#include <span>

#include "tests/unit/protocol/http1/support.hpp"

namespace carillon::http1 {
namespace {

using testing::difference_by_cuts;
using testing::Outcome;
using testing::read_whole;
using testing::Refused;

const std::array<std::span<const Refused>, 4> kTables{
    testing::kRefusedLines, testing::kRefusedFields, testing::kRefusedFraming,
    testing::kRefusedChunks};

template <class Visit>
void for_each_refused(Visit visit) {
  for (const auto table : kTables) {
    for (const Refused& refused : table) visit(refused);
  }
}

TEST(RefusedRequests, AreRefusedForTheRightReason) {
  for_each_refused([](const Refused& refused) {
    const Outcome outcome = read_whole(refused.octets);
    ASSERT_TRUE(outcome.error) << refused.name;
    EXPECT_EQ(explain(*outcome.error), explain(refused.error)) << refused.name;
    EXPECT_EQ(outcome.phase, RequestParser::Phase::Failed) << refused.name;
    for (const auto& message : outcome.messages) EXPECT_FALSE(message.complete) << refused.name;
  });
}

TEST(RefusedRequests, AreRefusedAlikeHoweverTheyAreCut) {
  for_each_refused([](const Refused& refused) {
    EXPECT_EQ(difference_by_cuts(refused.octets), std::nullopt) << refused.name;
  });
}

TEST(RefusedRequests, AreNotTakenForCompleteWhenTruncated) {
  for_each_refused([](const Refused& refused) {
    for (std::size_t length = 0; length < refused.octets.size(); ++length) {
      const Outcome outcome = read_whole(Bytes(refused.octets).substr(0, length));
      EXPECT_TRUE(!outcome.error || outcome.error == refused.error) << refused.name;
      for (const auto& message : outcome.messages) EXPECT_FALSE(message.complete) << refused.name;
    }
  });
}

TEST(RefusedRequests, AreRefusedAlikeBehindAValidRequest) {
  for_each_refused([](const Refused& refused) {
    const std::string octets = "GET /first HTTP/1.1\r\nHost: a\r\n\r\n" + refused.octets;
    const Outcome outcome = read_whole(octets);
    ASSERT_TRUE(outcome.error) << refused.name;
    EXPECT_EQ(*outcome.error, refused.error) << refused.name;
    EXPECT_TRUE(outcome.messages.front().complete) << refused.name;
  });
}

TEST(RefusedRequests, HaveBodiesOnlyUpToTheirViolation) {
  const Outcome outcome = read_whole(
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\nX\r\n");
  ASSERT_EQ(outcome.messages.size(), 1U);
  EXPECT_EQ(outcome.messages[0].body, "ab");
  EXPECT_EQ(outcome.error, ParseError::InvalidChunkSize);
}

TEST(RefusedRequests, CoverEveryErrorThatNeedsNoSpecialLimit) {
  std::set<ParseError> met;
  for_each_refused([&](const Refused& refused) { met.insert(refused.error); });
  // The rest is met in parser_limits_test, target_test, query_test and response_parser_test.
  const std::set<ParseError> elsewhere{
      ParseError::TargetTooLong,         ParseError::TooManyFields, ParseError::HeaderTooLarge,
      ParseError::ChunkExtensionTooLong, ParseError::InvalidPath,   ParseError::TooManyParameters,
      ParseError::InvalidStatusLine,     ParseError::Truncated};
  for (int value = 0; value <= static_cast<int>(ParseError::Truncated); ++value) {
    const auto error = static_cast<ParseError>(value);
    EXPECT_NE(met.contains(error), elsewhere.contains(error)) << explain(error);
  }
}

}  // namespace
}  // namespace carillon::http1
