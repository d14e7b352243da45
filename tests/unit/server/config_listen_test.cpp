#include "server/config_listen.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace carillon::server {
namespace {

TEST(ListenEntry, IsLocalWhereNoOtherMachineCanReachIt) {
  for (const char* text : {"127.0.0.1:8000", "127.255.255.254:1", "[::1]:8000",
                           "[::ffff:127.0.0.1]:80", "localhost:8000", "LOCALHOST:0",
                           "localhost.:80", "unix:/run/carillon.sock", "unix:x", "unix:/a:b"}) {
    EXPECT_EQ(reach_of_listen(text), Reach::Local) << text;
  }
}

TEST(ListenEntry, IsOpenEverywhereElse) {
  for (const char* text :
       {"0.0.0.0:8000", "[::]:8000", ":8000", "*:8000", "192.168.1.5:80", "[2001:db8::1]:80",
        "[::ffff:192.0.2.1]:80", "example.com:80", "localhost.example.com:80", "app.localhost:80",
        "notlocalhost:80", "128.0.0.1:80", "127.1:80", "2130706433:80", "0:80"}) {
    EXPECT_EQ(reach_of_listen(text), Reach::Open) << text;
  }
}

TEST(ListenEntry, MaySayWhetherTlsIsSpoken) {
  EXPECT_EQ(split_listen("127.0.0.1:80").security, Security::Plain);
  EXPECT_EQ(split_listen("http://127.0.0.1:80").security, Security::Plain);
  EXPECT_EQ(split_listen("https://[::1]:443").security, Security::Tls);
  EXPECT_EQ(split_listen("https://[::1]:443").address, "[::1]:443");
  EXPECT_EQ(reach_of_listen("https://127.0.0.1:443"), Reach::Local);
  EXPECT_EQ(reach_of_listen("http://localhost:80"), Reach::Local);
  EXPECT_EQ(reach_of_listen("https://:443"), Reach::Open);
}

TEST(ListenEntry, HasAnAddressAndAPort) {
  for (const char* text : {"",
                           ":",
                           "8000",
                           "localhost",
                           "127.0.0.1",
                           "127.0.0.1:",
                           "127.0.0.1:x",
                           "127.0.0.1:65536",
                           "127.0.0.1:-1",
                           "127.0.0.1: 80",
                           "127.0.0.1:80 ",
                           "::1:8000",
                           "[::1]",
                           "[::1:80",
                           "::1]:80",
                           "ftp://127.0.0.1:80",
                           "https://",
                           "https://http://127.0.0.1:80",
                           "HTTPS://127.0.0.1:80",
                           "http://localhost:80/",
                           "a b:80",
                           "user@host:80",
                           "unix:",
                           "*",
                           "*.example.com:80",
                           "10.0.0.0/8:80"}) {
    const auto reach = reach_of_listen(text);
    ASSERT_FALSE(reach) << text;
    EXPECT_THAT(reach.error(), testing::HasSubstr("give e.g. \"127.0.0.1:8000\"")) << text;
  }
  const std::string path(107, 'p');
  EXPECT_TRUE(reach_of_listen("https://unix:" + path));
  EXPECT_TRUE(reach_of_listen("unix:" + path));
  EXPECT_FALSE(reach_of_listen("unix:" + path + "p"));
}

}  // namespace
}  // namespace carillon::server
