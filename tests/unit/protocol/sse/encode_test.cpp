#include "protocol/sse/encode.hpp"

#include <gtest/gtest.h>

#include <string>

#include "tests/vectors/read_vectors.hpp"

namespace carillon::sse {
namespace {

using testing::read_vectors;

TEST(SseEncode, WritesEveryVector) {
  for (const auto& vector : read_vectors("sse", "encode")) {
    std::string out;
    if (vector.contains("id")) {
      ASSERT_TRUE(append_id(out, vector["id"].get<std::string>()));
    }
    ASSERT_TRUE(
        append_body(out, vector["name"].get<std::string>(), vector["data"].get<std::string>()));
    EXPECT_EQ(out, vector["stream"].get<std::string>());
  }
}

TEST(SseEncode, RefusesAnIdThatAReaderWouldMisread) {
  for (const Bytes id : {Bytes("a\0b", 3), Bytes("a\rb"), Bytes("a\nb"), Bytes("\n")}) {
    std::string out = "before";
    EXPECT_FALSE(append_id(out, id));
    EXPECT_EQ(out, "before");
  }
}

TEST(SseEncode, RefusesANameOfSeveralLines) {
  for (const Bytes name : {Bytes("a\nb"), Bytes("a\r"), Bytes("\n\ndata: forged")}) {
    std::string out = "before";
    EXPECT_FALSE(append_body(out, name, "data"));
    EXPECT_EQ(out, "before");
  }
}

TEST(SseEncode, AnEmptyIdIsWritten) {
  std::string out;
  EXPECT_TRUE(append_id(out, ""));
  EXPECT_EQ(out, "id: \n");
}

TEST(SseEncode, WritesRetryInMilliseconds) {
  std::string out;
  append_retry(out, std::chrono::seconds(2));
  append_retry(out, std::chrono::milliseconds(-5));
  EXPECT_EQ(out, "retry: 2000\n\nretry: 0\n\n");
}

TEST(SseEncode, ACommentOfSeveralLinesStaysOne) {
  std::string out;
  append_comment(out, "first\r\ndata: not data\rlast");
  EXPECT_EQ(out, ": first\n: data: not data\n: last\n\n");
}

TEST(SseEncode, AnEmptyCommentIsALine) {
  std::string out;
  append_comment(out, "");
  EXPECT_EQ(out, ": \n\n");
}

}  // namespace
}  // namespace carillon::sse
