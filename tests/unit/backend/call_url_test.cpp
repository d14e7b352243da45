#include "backend/call_url.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace carillon::backend {
namespace {

using testing::HasSubstr;

TEST(CallUrlTest, HasAServerAndATargetAsItStands) {
  const auto url = CallUrl::parse("http://app.example.com:3000/connect/?key=a%20b&x").value();
  EXPECT_EQ(url.server.authority(), "app.example.com:3000");
  EXPECT_EQ(url.server.target(url.target), "/connect/?key=a%20b&x");
  EXPECT_EQ(url.to_text(), "http://app.example.com:3000/connect/");
}

TEST(CallUrlTest, MayLackAPath) {
  EXPECT_EQ(CallUrl::parse("http://app").value().target, "/");
  EXPECT_EQ(CallUrl::parse("http://app?key=1").value().target, "/?key=1");
  EXPECT_EQ(CallUrl::parse("http://[::1]:3000/").value().server.host(), "::1");
}

TEST(CallUrlTest, MayBeOfAUnixSocket) {
  const auto url = CallUrl::parse("unix:/run/app.sock:/connect?a=1").value();
  EXPECT_EQ(url.server.unix_path(), "/run/app.sock");
  EXPECT_EQ(url.target, "/connect?a=1");
  EXPECT_EQ(url.to_text(), "unix:/run/app.sock:/connect");
  EXPECT_EQ(CallUrl::parse("unix:/run/app.sock").value().target, "/");
}

TEST(CallUrlTest, MayAskForTls) {
  const auto url = CallUrl::parse("https://app.example.com/connect?key=1").value();
  EXPECT_TRUE(url.server.is_secure());
  EXPECT_EQ(url.server.port(), 443);
  EXPECT_EQ(url.target, "/connect?key=1");
  EXPECT_EQ(url.to_text(), "https://app.example.com/connect");
  EXPECT_EQ(CallUrl::parse("https://app?key=1").value().target, "/?key=1");
}

TEST(CallUrlTest, SaysWhatIsWrong) {
  const auto complaint = [](Bytes text) { return CallUrl::parse(text).error(); };
  EXPECT_THAT(complaint("http://ann:secret@app/"), HasSubstr("no user and no password"));
  EXPECT_THAT(complaint("http://app/a b"), HasSubstr("percent-encode"));
  EXPECT_THAT(complaint("http://app/#part"), HasSubstr("percent-encode"));
  for (const Bytes text : {"", "app:3000", "/connect", "http://", "http:///x", "http://app:0/",
                           "http://app:99999/", "https://", "unix:", "ws://app/"}) {
    EXPECT_THAT(complaint(text), HasSubstr("write http://HOST:PORT/PATH")) << text;
  }
}

}  // namespace
}  // namespace carillon::backend
