#include "protocol/http1/request_writer.hpp"

#include <gtest/gtest.h>

#include "protocol/http1/response.hpp"
#include "tests/unit/protocol/http1/support.hpp"

namespace carillon::http1 {
namespace {

TEST(RequestWriter, WritesWhatTheParserReads) {
  Fields fields;
  fields.add("Host", "a:1");
  fields.add("X", "b\r\nEvil: c");
  fields.add("Content-Length", "9");
  std::string out;
  append_request_head(out, {"POST", "/a?b"}, fields, Framing::chunked());
  EXPECT_EQ(out,
            "POST /a?b HTTP/1.1\r\nHost: a:1\r\nX: b  Evil: c\r\n"
            "Transfer-Encoding: chunked\r\n\r\n");
  append_chunk(out, "hello");
  append_last_chunk(out);
  const testing::Outcome outcome = testing::read_whole(out);
  ASSERT_EQ(outcome.messages.size(), 1U);
  EXPECT_TRUE(outcome.messages[0].complete);
  EXPECT_EQ(outcome.messages[0].body, "hello");
}

TEST(RequestWriter, WritesNoFramingForNoBody) {
  std::string out;
  append_request_head(out, {"GET", "/"}, Fields(), Framing::none());
  EXPECT_EQ(out, "GET / HTTP/1.1\r\n\r\n");
}

TEST(RequestWriterDeathTest, DiesOfARequestLineThatCouldBreakOut) {
  std::string out;
  EXPECT_DEATH(append_request_head(out, {"GET", "/ HTTP/1.1\r\n"}, Fields(), Framing::none()), "");
  EXPECT_DEATH(append_request_head(out, {"G T", "/"}, Fields(), Framing::none()), "is_token");
  EXPECT_DEATH(append_request_head(out, {"GET", ""}, Fields(), Framing::none()), "empty");
}

}  // namespace
}  // namespace carillon::http1
