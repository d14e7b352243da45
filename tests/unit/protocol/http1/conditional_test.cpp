#include "protocol/http1/conditional.hpp"

#include <gtest/gtest.h>

#include "protocol/http1/date.hpp"
#include "tests/unit/protocol/http1/support.hpp"

namespace carillon::http1 {
namespace {

using std::chrono::sys_seconds;

constexpr sys_seconds kModified{std::chrono::seconds(784'111'777)};
constexpr sys_seconds kNow{std::chrono::seconds(1'764'000'000)};
const std::string kEarlier = "Sun, 06 Nov 1994 08:49:36 GMT";
const std::string kSame = "Sun, 06 Nov 1994 08:49:37 GMT";
const std::string kLater = "Sun, 06 Nov 1994 08:49:38 GMT";

RequestHead request(const std::string& method, const std::string& lines) {
  return testing::head_of(method + " / HTTP/1.1\r\nHost: a\r\n" + lines + "\r\n");
}

Precondition evaluate(const std::string& method, const std::string& lines,
                      const Validators& current = {"\"a\"", kModified}) {
  return evaluate_preconditions(method, request(method, lines).fields(), current, kNow);
}

TEST(Preconditions, AreMetWhereThereAreNone) {
  EXPECT_EQ(evaluate("GET", ""), Precondition::Proceed);
  EXPECT_EQ(evaluate("PUT", ""), Precondition::Proceed);
}

TEST(IfNoneMatch, ComparesWeakly) {
  for (const std::string list : {"\"a\"", "W/\"a\"", "*", "\"b\", \"a\"", ",,\"b\",W/\"a\" ,",
                                 "\"b\\\", \"a\"", "\"b,c\",\"a\""}) {
    EXPECT_EQ(evaluate("GET", "If-None-Match: " + list + "\r\n"), Precondition::NotModified)
        << list;
    EXPECT_EQ(evaluate("HEAD", "If-None-Match: " + list + "\r\n"), Precondition::NotModified);
    EXPECT_EQ(evaluate("PUT", "If-None-Match: " + list + "\r\n"), Precondition::Failed) << list;
  }
  EXPECT_EQ(evaluate("GET", "If-None-Match: \"b\"\r\nIf-None-Match: \"a\"\r\n"),
            Precondition::NotModified);
  EXPECT_EQ(evaluate("GET", "If-None-Match: \"a\"\r\n", {"W/\"a\"", {}}),
            Precondition::NotModified);
}

TEST(IfNoneMatch, IsNotMatchedByAnythingElse) {
  for (const std::string list :
       {"", "a", "\"b\"", "\"A\"", "w/\"a\"", "W/ \"a\"", "\"a", "a\"", "\"b\" \"a\"", "x, \"a\"",
        "*, \"a\"", "\"a b\"", "\" a\"", "\"a\"x"}) {
    EXPECT_EQ(evaluate("GET", "If-None-Match: " + list + "\r\n"), Precondition::Proceed) << list;
  }
  EXPECT_EQ(evaluate("GET", "If-None-Match: \"\"\r\n", {"", {}}), Precondition::Proceed);
}

TEST(IfNoneMatch, WinsOverIfModifiedSince) {
  EXPECT_EQ(evaluate("GET", "If-None-Match: \"b\"\r\nIf-Modified-Since: " + kLater + "\r\n"),
            Precondition::Proceed);
}

TEST(IfMatch, ComparesStrongly) {
  EXPECT_EQ(evaluate("PUT", "If-Match: \"b\", \"a\"\r\n"), Precondition::Proceed);
  EXPECT_EQ(evaluate("PUT", "If-Match: *\r\n"), Precondition::Proceed);
  EXPECT_EQ(evaluate("PUT", "If-Match: \"b\"\r\n"), Precondition::Failed);
  EXPECT_EQ(evaluate("GET", "If-Match: W/\"a\"\r\n"), Precondition::Failed);
  EXPECT_EQ(evaluate("PUT", "If-Match: \"a\"\r\n", {"W/\"a\"", {}}), Precondition::Failed);
  EXPECT_EQ(evaluate("PUT", "If-Match: \r\n"), Precondition::Failed);
}

TEST(IfMatch, WinsOverIfUnmodifiedSince) {
  EXPECT_EQ(evaluate("PUT", "If-Match: \"a\"\r\nIf-Unmodified-Since: " + kEarlier + "\r\n"),
            Precondition::Proceed);
}

TEST(IfUnmodifiedSince, FailsForWhatChangedLater) {
  EXPECT_EQ(evaluate("PUT", "If-Unmodified-Since: " + kEarlier + "\r\n"), Precondition::Failed);
  EXPECT_EQ(evaluate("PUT", "If-Unmodified-Since: " + kSame + "\r\n"), Precondition::Proceed);
  EXPECT_EQ(evaluate("PUT", "If-Unmodified-Since: yesterday\r\n"), Precondition::Proceed);
  EXPECT_EQ(evaluate("PUT", "If-Unmodified-Since: " + kEarlier + "\r\n", {"\"a\"", {}}),
            Precondition::Proceed);
}

TEST(IfModifiedSince, IsForReadersOfDatedContent) {
  const std::string same = "If-Modified-Since: " + kSame + "\r\n";
  EXPECT_EQ(evaluate("GET", same), Precondition::NotModified);
  EXPECT_EQ(evaluate("HEAD", "If-Modified-Since: " + kLater + "\r\n"), Precondition::NotModified);
  EXPECT_EQ(evaluate("GET", "If-Modified-Since: " + kEarlier + "\r\n"), Precondition::Proceed);
  EXPECT_EQ(evaluate("POST", same), Precondition::Proceed);
  EXPECT_EQ(evaluate("GET", same, {"\"a\"", {}}), Precondition::Proceed);
  EXPECT_EQ(evaluate("GET", same + same), Precondition::Proceed);
  EXPECT_EQ(evaluate("GET", "If-Modified-Since: 784111777\r\n"), Precondition::Proceed);
}

TEST(Range, AppliesUnlessIfRangeNamesSomethingOlder) {
  const Validators current{"\"a\"", kModified};
  const auto applies = [&](const std::string& method, const std::string& lines) {
    const RequestHead head = request(method, "Range: bytes=0-1\r\n" + lines);
    return range_applies(method, head.fields(), current, kNow);
  };
  EXPECT_TRUE(applies("GET", ""));
  EXPECT_FALSE(applies("HEAD", ""));
  EXPECT_FALSE(applies("GET", "Range: bytes=1-2\r\n"));
  EXPECT_TRUE(applies("GET", "If-Range: \"a\"\r\n"));
  EXPECT_FALSE(applies("GET", "If-Range: \"b\"\r\n"));
  EXPECT_FALSE(applies("GET", "If-Range: W/\"a\"\r\n"));
  EXPECT_FALSE(applies("GET", "If-Range: \"b\", \"a\"\r\n"));
  EXPECT_FALSE(applies("GET", "If-Range: \"a\", \"b\"\r\n"));
  EXPECT_FALSE(applies("GET", "If-Range: \"a\"\r\nIf-Range: \"a\"\r\n"));
  EXPECT_TRUE(applies("GET", "If-Range: " + kSame + "\r\n"));
  EXPECT_FALSE(applies("GET", "If-Range: " + kLater + "\r\n"));
  EXPECT_FALSE(applies("GET", "If-Range: *\r\n"));
  EXPECT_FALSE(range_applies("GET", request("GET", "").fields(), current, kNow));
}

}  // namespace
}  // namespace carillon::http1
