#include "client/answer.hpp"

#include <gtest/gtest.h>

#include <optional>

#include "fake_server.hpp"

namespace carillon::client {
namespace {

using namespace std::chrono_literals;
using test::FakeServer;
using test::Reply;
using test::response;
using test::run_until;

constexpr Timestamp kNow{.microseconds = 1'000'000'000'000'000};  // 2001-09-09T01:46:40Z

TEST(ProblemTest, IsReadFromDocumentsAndFromErrors) {
  const auto document =
      parse_problem(R"({"type":"about:blank","status":410,"code":"gone","detail":"why",)"
                    R"("position":"e:9","retained":"e:5"})");
  ASSERT_TRUE(document);
  EXPECT_EQ(document->code, "gone");
  EXPECT_EQ(document->detail, "why");
  EXPECT_EQ(document->position.size(), 1U);
  EXPECT_EQ(to_text(document->retained.at(0).value()), "e:5");
  const auto error = parse_problem(R"({"type":"error","code":"x","message":"m","wait_ms":1500})");
  EXPECT_EQ(error->detail, "m");
  EXPECT_EQ(error->wait, 1500ms);
  EXPECT_FALSE(parse_problem("not JSON"));
  EXPECT_FALSE(parse_problem(R"({"detail":"no code"})"));
  EXPECT_FALSE(parse_problem(R"({"code":7})"));
}

TEST(RefusalTest, CanPassWhereTheCodeSaysSo) {
  for (const char* code : {"rate_limited", "internal", "unavailable", "too_many_connections"}) {
    EXPECT_EQ(refusal({.code = code, .detail = {}}, 0).remedy, Remedy::Retry) << code;
  }
  for (const char* code : {"bad_request", "unauthenticated", "forbidden", "not_found", "conflict",
                           "too_large", "invalid", "not_supported", "unheard_of"}) {
    EXPECT_EQ(refusal({.code = code, .detail = {}}, 0).remedy, Remedy::None) << code;
  }
}

TEST(RefusalTest, OfSomethingInBetweenCanPassBySomeStatuses) {
  const auto remedy = [](int status) {
    const Failure failure = refusal(Answer{.status = status}, kNow);
    EXPECT_EQ(failure.kind, FailureKind::NotOurs);
    return failure.remedy;
  };
  for (const int status : {403, 408, 429, 500, 502, 503, 504}) {
    EXPECT_EQ(remedy(status), Remedy::Retry) << status;
  }
  for (const int status : {200, 204, 301, 400, 401, 404, 405, 501, 505}) {
    EXPECT_EQ(remedy(status), Remedy::None) << status;
  }
}

TEST(RefusalTest, HeedsRetryAfter) {
  const auto wait = [](const char* value) {
    Answer answer{.status = 503};
    answer.fields.add("Retry-After", value);
    return refusal(answer, kNow).wait;
  };
  EXPECT_EQ(wait("7"), 7s);
  EXPECT_EQ(wait("Sun, 09 Sep 2001 01:46:45 GMT"), 5s);
  EXPECT_EQ(wait("Sun, 09 Sep 2001 01:46:35 GMT"), 0s);
  EXPECT_EQ(wait("999999999"), limits::kLongestAdvice);
  EXPECT_FALSE(wait("soon"));
  EXPECT_FALSE(wait("-1"));
  Answer both{.status = 429, .body = R"({"code":"rate_limited","detail":"d","wait_ms":100})"};
  both.fields.add("Retry-After", "1");
  EXPECT_EQ(refusal(both, kNow).wait, 100ms);
}

}  // namespace
}  // namespace carillon::client
