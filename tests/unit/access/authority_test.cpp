#include "access/authority.hpp"

#include <gtest/gtest.h>

#include <string>

namespace carillon::access {
namespace {

TEST(Authority, IsSplitIntoHostAndPort) {
  struct Case {
    const char* text;
    const char* host;
    std::optional<std::uint16_t> port;
    HostKind kind;
  };
  for (const Case& c : {
           Case{"example.com", "example.com", std::nullopt, HostKind::Name},
           Case{"Example.COM:8080", "Example.COM", 8080, HostKind::Name},
           Case{"example.com.", "example.com", std::nullopt, HostKind::Name},
           Case{"example.com.:80", "example.com", 80, HostKind::Name},
           Case{"example.com:", "example.com", std::nullopt, HostKind::Name},
           Case{"my_service-1:65535", "my_service-1", 65535, HostKind::Name},
           Case{"localhost", "localhost", std::nullopt, HostKind::Name},
           Case{"192.0.2.1:080", "192.0.2.1", 80, HostKind::Ip},
           Case{"[::1]", "::1", std::nullopt, HostKind::Ip},
           Case{"[2001:DB8::1]:443", "2001:DB8::1", 443, HostKind::Ip},
           // What looks like a number to some is only a name here.
           Case{"2130706433", "2130706433", std::nullopt, HostKind::Name},
           Case{"127.1", "127.1", std::nullopt, HostKind::Name},
       }) {
    const auto authority = parse_authority(c.text);
    ASSERT_TRUE(authority) << c.text;
    EXPECT_EQ(authority->host, c.host);
    EXPECT_EQ(authority->port, c.port) << c.text;
    EXPECT_EQ(authority->kind, c.kind) << c.text;
  }
}

TEST(Authority, RefusesWhatReadersDisagreeAbout) {
  for (const char* text : {"",
                           ":80",
                           ".",
                           "..",
                           "a..b",
                           ".localhost",
                           "a b",
                           "user@localhost",
                           "localhost@evil.com",
                           "localhost#.evil.com",
                           "localhost?.evil.com",
                           "localhost/.evil.com",
                           "localhost\\evil.com",
                           "localhost:80:80",
                           "localhost:80@evil.com",
                           "localhost:65536",
                           "localhost:-1",
                           "localhost:+80",
                           "localhost: 80",
                           "localhost:8o",
                           "local%68ost",
                           "localhost%00.evil.com",
                           "l\xc3\xb6"
                           "calhost",
                           "localhost,evil.com",
                           "localhost evil.com",
                           " localhost",
                           "localhost\t",
                           "::1",
                           "[::1",
                           "::1]",
                           "[::1]x",
                           "[::1]:x",
                           "[::1].evil.com",
                           "[127.0.0.1]",
                           "[]",
                           "[v1.x]",
                           "[::1%25lo]",
                           "[localhost]",
                           "http://localhost",
                           "*"}) {
    EXPECT_FALSE(parse_authority(text)) << text;
  }
  EXPECT_FALSE(parse_authority(Bytes("localhost\0.evil.com", 19)));
  EXPECT_FALSE(parse_authority(std::string(64, 'a')));
  std::string long_name = "a";
  while (long_name.size() < 253) long_name += ".a";
  EXPECT_TRUE(parse_authority(long_name));
  EXPECT_FALSE(parse_authority(long_name + ".a"));
}

TEST(EqualIgnoringCase, FoldsAsciiOnly) {
  EXPECT_TRUE(equal_ignoring_case("LocalHost-1_", "localhost-1_"));
  EXPECT_FALSE(equal_ignoring_case("a", "ab"));
  EXPECT_FALSE(equal_ignoring_case("[", "{"));  // they differ by the case bit alone
  EXPECT_FALSE(equal_ignoring_case("\xc3\x84", "\xc3\xa4"));
}

}  // namespace
}  // namespace carillon::access
