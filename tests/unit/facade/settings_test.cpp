#include "facade/settings.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <stdexcept>

namespace carillon::facade {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;

TEST(Settings, OfAProgramThatSaysNothing) {
  const server::Config config = config_of({});
  EXPECT_EQ(config.server.reactors, 1U);
  EXPECT_EQ(config.history.durability, server::Durability::None);
}

TEST(Settings, AreTheProgramsOwn) {
  const server::Config config = config_of(
      {.listen = {"127.0.0.1:0", "[::1]:0"},
       .reactors = 3,
       .settings = {{"history.durability", "log"}, {"access.origins", "https://a.example"}}});
  EXPECT_THAT(config.server.listen, ElementsAre("127.0.0.1:0", "[::1]:0"));
  EXPECT_EQ(config.server.reactors, 3U);
  EXPECT_EQ(config.history.durability, server::Durability::Log);
  EXPECT_THAT(config.access.origins, ElementsAre("https://a.example"));
}

TEST(Settings, NoReactorsAreAsManyAsCores) {
  EXPECT_GE(config_of({.reactors = 0}).server.reactors, 1U);
}

TEST(Settings, EverythingWrongIsTold) {
  try {
    config_of({.settings = {{"http.no_such", "1"}, {"server.reactors", "many"}}});
    FAIL() << "it was taken";
  } catch (const std::invalid_argument& error) {
    EXPECT_THAT(error.what(), HasSubstr("'http.no_such'"));
    EXPECT_THAT(error.what(), HasSubstr("REACTORS"));
  }
}

TEST(Settings, OfAnEndpoint) {
  const transport::WebSocketSettings base;
  const auto plain = settings_of({.max_message_bytes = 10, .max_buffered_bytes = 20}, base);
  EXPECT_EQ(plain.message_bytes, 10U);
  EXPECT_EQ(plain.outbox_bytes, 20U);
  EXPECT_FALSE(plain.compression.policy);
  EXPECT_TRUE(settings_of({.compression = Compression::On}, base).compression.policy);
  const auto keepalive = settings_of({.idle_timeout = 5s}, base).keepalive;
  EXPECT_EQ(keepalive.ping_interval + keepalive.pong_timeout, Duration(5s));
}

TEST(Settings, OfAnEndpointHaveLeastValues) {
  EXPECT_THROW(settings_of({.max_message_bytes = 0}, {}), std::invalid_argument);
  EXPECT_THROW(settings_of({.idle_timeout = 1s}, {}), std::invalid_argument);
}

}  // namespace
}  // namespace carillon::facade
