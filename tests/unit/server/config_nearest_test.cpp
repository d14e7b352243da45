#include "server/config_nearest.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace carillon::server {
namespace {

const std::vector<std::string> kNames = {"listen",    "reactors",   "secret",
                                         "log_level", "log_format", "ttl"};

TEST(NearestName, FindsWhatWasMeant) {
  EXPECT_EQ(nearest_name("lisen", kNames), "listen");
  EXPECT_EQ(nearest_name("lsiten", kNames), "listen");
  EXPECT_EQ(nearest_name("listens", kNames), "listen");
  EXPECT_EQ(nearest_name("reactor", kNames), "reactors");
  EXPECT_EQ(nearest_name("log-level", kNames), "log_level");
  EXPECT_EQ(nearest_name("loglevel", kNames), "log_level");
  EXPECT_EQ(nearest_name("logformat", kNames), "log_format");
  EXPECT_EQ(nearest_name("tll", kNames), "ttl");
}

TEST(NearestName, CountsASwapOfNeighboursAsOneSlip) {
  const std::vector<std::string> names = {"abcdef", "abxxdef"};
  EXPECT_EQ(nearest_name("abdcef", names), "abcdef");
  const std::vector<std::string> one_swap = {"ab12", "ab3"};  // two replaced, or one swapped
  EXPECT_EQ(nearest_name("ab21", one_swap), "ab12");
}

TEST(NearestName, PrefersTheFewestSlips) {
  const std::vector<std::string> names = {"body_s", "idle_s", "header_s"};
  EXPECT_EQ(nearest_name("headr_s", names), "header_s");
}

TEST(NearestName, GuessesNothingWhereAllIsUnlike) {
  for (const char* name : {"", "x", "colour", "http", "zzzzzzzzzzzz"}) {
    EXPECT_FALSE(nearest_name(name, kNames)) << name;
  }
  EXPECT_FALSE(nearest_name(std::string(1'000'000, 'l'), kNames));
  EXPECT_FALSE(nearest_name("listen", {}));
}

}  // namespace
}  // namespace carillon::server
