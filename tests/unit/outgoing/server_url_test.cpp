#include "outgoing/server_url.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace carillon::outgoing {
namespace {

using testing::HasSubstr;

TEST(ServerUrlTest, ReadsHostPortAndBasePath) {
  const auto url = ServerUrl::parse("http://example.com:8000/realtime/").value();
  EXPECT_EQ(url.host(), "example.com");
  EXPECT_EQ(url.port(), 8000);
  EXPECT_EQ(url.authority(), "example.com:8000");
  EXPECT_EQ(url.target("/ws"), "/realtime/ws");
  EXPECT_EQ(url.to_text(), "http://example.com:8000/realtime");
  EXPECT_FALSE(url.is_unix());
}

TEST(ServerUrlTest, FillsInWhatIsLeftOut) {
  const auto url = ServerUrl::parse("http://localhost").value();
  EXPECT_EQ(url.port(), 80);
  EXPECT_EQ(url.authority(), "localhost");
  EXPECT_EQ(url.target("/ws"), "/ws");
  EXPECT_EQ(ServerUrl::parse("http://localhost:/").value(), url);
}

TEST(ServerUrlTest, MayAskForTls) {
  const auto url = ServerUrl::parse("https://example.com/base").value();
  EXPECT_TRUE(url.is_secure());
  EXPECT_EQ(url.port(), 443);
  EXPECT_EQ(url.authority(), "example.com");
  EXPECT_EQ(url.to_text(), "https://example.com/base");
  EXPECT_EQ(ServerUrl::parse("https://example.com:443/base").value(), url);
  EXPECT_EQ(ServerUrl::parse("https://example.com:80").value().authority(), "example.com:80");
  EXPECT_EQ(ServerUrl::parse("http://example.com:443").value().authority(), "example.com:443");
  EXPECT_FALSE(ServerUrl::parse("http://example.com:443").value().is_secure());
}

TEST(ServerUrlTest, PutsBracketsAroundAnIpv6Host) {
  const auto url = ServerUrl::parse("http://[::1]:8000").value();
  EXPECT_EQ(url.host(), "::1");
  EXPECT_EQ(url.authority(), "[::1]:8000");
  EXPECT_EQ(ServerUrl::parse("http://[::1]").value().authority(), "[::1]");
}

TEST(ServerUrlTest, ReadsUnixSockets) {
  const auto url = ServerUrl::parse("unix:/run/a:b.sock:/base").value();
  EXPECT_TRUE(url.is_unix());
  EXPECT_EQ(url.unix_path(), "/run/a:b.sock");
  EXPECT_EQ(url.target("/ws"), "/base/ws");
  EXPECT_EQ(url.authority(), "localhost");
  EXPECT_EQ(url.to_text(), "unix:/run/a:b.sock:/base");
  EXPECT_EQ(ServerUrl::parse("unix:relative.sock").value().unix_path(), "relative.sock");
}

TEST(ServerUrlTest, SaysWhatToWriteInstead) {
  const auto complaint = [](Bytes text) { return ServerUrl::parse(text).error(); };
  EXPECT_THAT(complaint("wss://example.com"), HasSubstr("write https://example.com"));
  EXPECT_THAT(complaint("https://a b"), HasSubstr("write https://HOST:PORT"));
  EXPECT_THAT(complaint("ws://example.com"), HasSubstr("write http://example.com"));
  EXPECT_THAT(complaint("localhost:8000"), HasSubstr("write http://localhost:8000"));
}

TEST(ServerUrlTest, RefusesEverythingElse) {
  const std::string long_path(200, 'x');
  for (const std::string& text : std::vector<std::string>{"",
                                                          "/run/x.sock",
                                                          "ftp://x",
                                                          "http://",
                                                          "http:///base",
                                                          "http://a b",
                                                          "http://u@h",
                                                          "http://h:0",
                                                          "http://h:65536",
                                                          "http://h:x",
                                                          "http://[::1",
                                                          "http://[fe80::1%eth0]",
                                                          "http://h/?q=1",
                                                          "http://h/#f",
                                                          "http://h/a b",
                                                          "http://h/%zz",
                                                          "unix:",
                                                          "unix::/b",
                                                          "unix:/a:/b:/c",
                                                          "unix:/" + long_path,
                                                          std::string("unix:/a\0b", 9),
                                                          "unix:/s:/a?b"}) {
    EXPECT_FALSE(ServerUrl::parse(text).has_value()) << text;
  }
}

}  // namespace
}  // namespace carillon::outgoing
