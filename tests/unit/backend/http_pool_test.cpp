#include "backend/http_pool.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "backend/name_cache.hpp"
#include "tests/unit/client/fake_server.hpp"

namespace carillon::backend {
namespace {

using namespace std::chrono_literals;
using client::test::FakeServer;
using client::test::Reply;
using client::test::response;
using client::test::run_until;
using outgoing::Answer;
using outgoing::Failure;
using outgoing::FailureKind;

struct Pool {
  explicit Pool(FakeServer::Answer answer, PoolOptions options = {})
      : server(reactor, std::move(answer)), names(reactor, lookups) {
    options.server = server.options.server;
    pool.emplace(reactor, names, options);
  }

  void call(const std::string& target) {
    pool->call({.target = target}, [this](Result<Answer, Failure> result) {
      if (result) bodies.push_back(result->body);
      if (!result) failures.push_back(result.error().kind);
    });
  }
  bool run(std::size_t count) {
    return run_until(reactor, [&] { return bodies.size() + failures.size() == count; });
  }

  net::Reactor reactor;
  FakeServer server;
  Lookups lookups;
  NameCache names;
  std::optional<HttpPool> pool;
  std::vector<std::string> bodies;
  std::vector<FailureKind> failures;
};

Reply hello(const std::string& /*request*/) {
  return {.octets = response("200 OK", "", "hi")};
}

Reply silence(const std::string& /*request*/) {
  return {};
}

TEST(HttpPoolTest, UsesFewConnectionsForManyCalls) {
  Pool pool(hello, {.connections = 2});
  for (int i = 0; i < 50; ++i) pool.call("/x");
  ASSERT_TRUE(pool.run(50));
  EXPECT_EQ(pool.bodies.size(), 50U);
  EXPECT_EQ(pool.server.heads.size(), 50U);
  EXPECT_EQ(pool.reactor.stream_count(), 4U);  // both ends of two
}

TEST(HttpPoolTest, GivesUpAtTheTimeLimitUnderWayAndWaiting) {
  Pool pool(silence, {.time_limit = 30ms, .connections = 1});
  for (int i = 0; i < 3; ++i) pool.call("/x");
  ASSERT_TRUE(pool.run(3));
  EXPECT_EQ(pool.failures, std::vector(3, FailureKind::Silent));
}

TEST(HttpPoolTest, RefusesCallsOverTheLimitOfThoseThatWait) {
  Pool pool(silence, {.time_limit = 30ms, .connections = 1, .waiting_calls = 2});
  for (int i = 0; i < 5; ++i) pool.call("/x");
  EXPECT_TRUE(pool.failures.empty());  // never within the call
  ASSERT_TRUE(pool.run(5));
  EXPECT_EQ(std::ranges::count(pool.failures, FailureKind::Busy), 2);
}

TEST(HttpPoolTest, RefusesALargeAnswer) {
  Pool pool([](const std::string&) { return Reply{.octets = response("200 OK", "", "12345")}; },
            {.answer_bytes = 4});
  pool.call("/x");
  ASSERT_TRUE(pool.run(1));
  EXPECT_EQ(pool.failures.at(0), FailureKind::TooLarge);
}

TEST(HttpPoolTest, TriesOnceMoreWhereAKeptConnectionHasGone) {
  int requests = 0;
  Pool pool([&requests](const std::string& request) {
    return ++requests == 2 ? Reply{.octets = "", .closes = true} : hello(request);
  });
  pool.call("/first");
  ASSERT_TRUE(pool.run(1));
  pool.call("/second");
  ASSERT_TRUE(pool.run(2));
  EXPECT_EQ(pool.bodies.size(), 2U);
  EXPECT_EQ(requests, 3);
}

TEST(HttpPoolTest, DoesNotTryAgainOverANewConnection) {
  int requests = 0;
  Pool pool([&requests](const std::string&) {
    ++requests;
    return Reply{.octets = "", .closes = true};
  });
  pool.call("/x");
  ASSERT_TRUE(pool.run(1));
  EXPECT_EQ(pool.failures.at(0), FailureKind::Lost);
  EXPECT_EQ(requests, 1);
}

TEST(HttpPoolTest, KeepsNothingOnceItDrains) {
  Pool pool(hello);
  pool.call("/x");
  ASSERT_TRUE(pool.run(1));
  pool.pool->drain();
  EXPECT_TRUE(run_until(pool.reactor, [&] { return pool.reactor.stream_count() == 0; }));
  pool.call("/x");
  ASSERT_TRUE(pool.run(2));
  EXPECT_EQ(pool.bodies.size(), 2U);
  EXPECT_TRUE(run_until(pool.reactor, [&] { return pool.reactor.stream_count() == 0; }));
}

TEST(HttpPoolTest, MayGoWhileCallsAreUnderWay) {
  Pool pool(silence);
  pool.call("/x");
  ASSERT_TRUE(run_until(pool.reactor, [&] { return !pool.server.heads.empty(); }));
  pool.pool.reset();
  EXPECT_TRUE(pool.bodies.empty() && pool.failures.empty());
}

}  // namespace
}  // namespace carillon::backend
