#include "backend/name_cache.hpp"

#include <gtest/gtest.h>

#include <optional>

#include "tests/unit/client/fake_server.hpp"

namespace carillon::backend {
namespace {

using client::test::run_until;

struct Names {
  net::Reactor reactor;
  Lookups lookups;
  NameCache cache{reactor, lookups};
  std::optional<Lookups::Answer> answer;

  Handle ask(const std::string& host) {
    answer.reset();
    return cache.resolve(host, 8000,
                         [this](Lookups::Answer result) { answer = std::move(result); });
  }
  bool run() {
    return run_until(reactor, [this] { return answer.has_value(); });
  }
};

TEST(NameCacheTest, KnowsLiteralsAtOnce) {
  Names names;
  for (const char* host : {"127.0.0.1", "::1"}) {
    EXPECT_EQ(names.ask(host), Handle{});
    ASSERT_TRUE(names.answer);
    EXPECT_EQ((*names.answer)->at(0).port(), 8000);
  }
}

TEST(NameCacheTest, AsksElsewhereOnceAndRemembers) {
  Names names;
  EXPECT_NE(names.ask("localhost"), Handle{});
  EXPECT_FALSE(names.answer);
  ASSERT_TRUE(names.run());
  EXPECT_TRUE((*names.answer)->at(0).is_loopback());
  EXPECT_EQ((*names.answer)->at(0).port(), 8000);
  EXPECT_EQ(names.ask("localhost"), Handle{});
  EXPECT_TRUE(names.answer);
}

TEST(NameCacheTest, TellsWhatTheResolverSaid) {
  Names names;
  names.ask("no-such-host.invalid");
  ASSERT_TRUE(names.run());
  EXPECT_FALSE(names.answer->has_value());
  EXPECT_FALSE(names.answer->error().empty());
}

TEST(NameCacheTest, IsQuietToWhomeverHasCancelled) {
  Names names;
  names.cache.cancel(names.ask("localhost"));
  bool other = false;
  names.cache.resolve("localhost", 1, [&](const auto&) { other = true; });
  ASSERT_TRUE(run_until(names.reactor, [&] { return other; }));
  EXPECT_FALSE(names.answer);
}

TEST(LookupsTest, MayGoBeforeTheAnswer) {
  net::Reactor reactor;
  std::optional<Lookups> lookups(std::in_place);
  lookups->ask(reactor, "localhost", [](const auto&) {});
  lookups.reset();
}

}  // namespace
}  // namespace carillon::backend
