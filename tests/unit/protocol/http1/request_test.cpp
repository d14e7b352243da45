#include "protocol/http1/request.hpp"

#include <gtest/gtest.h>

#include "tests/unit/protocol/http1/support.hpp"

namespace carillon::http1 {
namespace {

using testing::head_of;

RequestHead head_with(const std::string& lines, const std::string& version = "HTTP/1.1") {
  return head_of("POST / " + version + "\r\nHost: a\r\n" + lines + "\r\n");
}

TEST(RequestHead, TakesTheRequestLineApart) {
  const RequestHead head = head_of("get /a%20b?c=d&e?f HTTP/1.1\r\nHost: Example.org:81\r\n\r\n");
  EXPECT_EQ(head.method(), "get");
  EXPECT_EQ(head.target(), "/a%20b?c=d&e?f");
  EXPECT_EQ(head.form(), TargetForm::Origin);
  EXPECT_EQ(head.path(), "/a%20b");
  EXPECT_EQ(head.query(), "c=d&e?f");
  EXPECT_EQ(head.authority(), "Example.org:81");
  EXPECT_EQ(head.version(), Version::Http11);
  EXPECT_EQ(head.framing(), Framing::none());
}

TEST(RequestHead, KeepsItsViewsWhenItIsMoved) {
  RequestHead first = head_of("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  const RequestHead second = std::move(first);
  EXPECT_EQ(second.method(), "GET");
  EXPECT_EQ(second.authority(), "a");
}

TEST(RequestHead, IgnoresHostWhereTheTargetNamesOne) {
  const RequestHead head = head_of("GET hTTps://b:8?q HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(head.form(), TargetForm::Absolute);
  EXPECT_EQ(head.authority(), "b:8");
  EXPECT_EQ(head.path(), "/");
  EXPECT_EQ(head.query(), "q");
}

TEST(RequestHead, ReadsAnAbsoluteOptionsWithoutPathAsAsterisk) {
  EXPECT_EQ(head_of("OPTIONS http://b HTTP/1.1\r\nHost: b\r\n\r\n").path(), "*");
  EXPECT_EQ(head_of("OPTIONS http://b/ HTTP/1.1\r\nHost: b\r\n\r\n").path(), "/");
  EXPECT_EQ(head_of("OPTIONS http://b?a HTTP/1.1\r\nHost: b\r\n\r\n").path(), "/");
  EXPECT_EQ(head_of("OPTIONS * HTTP/1.1\r\nHost: b\r\n\r\n").path(), "*");
}

TEST(RequestHead, HasNoPathForATunnel) {
  const RequestHead head = head_of("CONNECT b:443 HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(head.form(), TargetForm::Authority);
  EXPECT_EQ(head.authority(), "b:443");
  EXPECT_EQ(head.path(), "");
}

TEST(RequestHead, HasNoAuthorityForAnOldRequestWithoutHost) {
  const RequestHead head = head_of("GET / HTTP/1.0\r\n\r\n");
  EXPECT_EQ(head.authority(), "");
  EXPECT_EQ(head.version(), Version::Http10);
}

TEST(RequestHead, TreatsAHigherMinorVersionAsOneOne) {
  EXPECT_EQ(head_with("", "HTTP/1.2").version(), Version::Http11);
}

TEST(RequestHead, KnowsItsFraming) {
  EXPECT_EQ(head_with("Content-Length: 7\r\n").framing(), Framing::content_length(7));
  EXPECT_EQ(head_with("Transfer-Encoding: chunked\r\n").framing(), Framing::chunked());
  EXPECT_EQ(head_with("Content-Length: 18446744073709551615\r\n").framing().length_bytes,
            18446744073709551615U);
}

TEST(RequestHead, KeepsAliveAsItsVersionAndConnectionSay) {
  EXPECT_TRUE(head_with("").keep_alive());
  EXPECT_TRUE(head_with("Connection: Upgrade\r\n").keep_alive());
  EXPECT_FALSE(head_with("Connection: Close\r\n").keep_alive());
  EXPECT_FALSE(head_with("Connection: keep-alive , x,close\r\n").keep_alive());
  EXPECT_FALSE(head_with("Connection: x\r\nConnection: close\r\n").keep_alive());
  EXPECT_FALSE(head_with("", "HTTP/1.0").keep_alive());
  EXPECT_TRUE(head_with("Connection: Keep-Alive\r\n", "HTTP/1.0").keep_alive());
  EXPECT_FALSE(head_with("Connection: Keep-Alive, close\r\n", "HTTP/1.0").keep_alive());
}

TEST(RequestHead, ExpectsContinueOnlyBeforeABody) {
  const std::string expect = "Expect: 100-Continue\r\n";
  EXPECT_EQ(head_with(expect + "Content-Length: 1\r\n").expectation(), Expectation::Continue);
  EXPECT_EQ(head_with(expect + "Transfer-Encoding: chunked\r\n").expectation(),
            Expectation::Continue);
  EXPECT_EQ(head_with(expect).expectation(), Expectation::None);
  EXPECT_EQ(head_with(expect + "Content-Length: 0\r\n").expectation(), Expectation::None);
  EXPECT_EQ(head_with(expect + "Content-Length: 1\r\n", "HTTP/1.0").expectation(),
            Expectation::None);
  EXPECT_EQ(head_with("Content-Length: 1\r\n").expectation(), Expectation::None);
}

TEST(RequestHead, NoticesUnknownExpectations) {
  EXPECT_EQ(head_with("Expect: tea\r\n").expectation(), Expectation::Unknown);
  EXPECT_EQ(head_with("Expect: 100-continue, tea\r\n").expectation(), Expectation::Unknown);
  EXPECT_EQ(head_with("Expect: tea\r\n", "HTTP/1.0").expectation(), Expectation::None);
}

TEST(RequestHead, UpgradesOnlyWhenConnectionNamesIt) {
  const std::string upgrade = "Upgrade: h2c, WebSocket\r\n";
  EXPECT_TRUE(head_with(upgrade + "Connection: keep-alive, Upgrade\r\n").upgrades_to("websocket"));
  EXPECT_FALSE(head_with(upgrade).upgrades_to("websocket"));
  EXPECT_FALSE(head_with("Connection: Upgrade\r\n").upgrades_to("websocket"));
  EXPECT_FALSE(head_with("Upgrade: x\r\nConnection: Upgrade\r\n").upgrades_to("websocket"));
  EXPECT_FALSE(head_with(upgrade + "Connection: Upgrade\r\n", "HTTP/1.0").upgrades_to("websocket"));
}

}  // namespace
}  // namespace carillon::http1
