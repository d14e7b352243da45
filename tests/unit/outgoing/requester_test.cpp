#include "outgoing/requester.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "tests/unit/client/fake_server.hpp"

namespace carillon::outgoing {
namespace {

using namespace std::chrono_literals;
using client::test::FakeServer;
using client::test::Reply;
using client::test::response;
using client::test::run_until;

struct Asker {
  explicit Asker(FakeServer::Answer answer, std::size_t largest = 1000)
      : server(reactor, std::move(answer)), requester(reactor, server.options, largest) {}

  Result<Answer, Failure> ask(HttpRequest request) {
    std::optional<Result<Answer, Failure>> outcome;
    requester.send(std::move(request), [&](Result<Answer, Failure> result) { outcome = result; });
    EXPECT_TRUE(run_until(reactor, [&] { return outcome.has_value(); }));
    return *outcome;
  }

  net::Reactor reactor;
  FakeServer server;
  Requester requester;
};

TEST(RequesterTest, CollectsAnAnswerHoweverItIsCut) {
  const std::string chunked =
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n";
  for (const std::size_t piece : {std::size_t{1}, std::size_t{7}, std::string::npos}) {
    Asker asker([&](const std::string&) { return Reply{.octets = chunked, .piece_bytes = piece}; });
    const auto answer = asker.ask({.target = "/x"});
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->body, "abcde");
  }
}

TEST(RequesterTest, RefusesAnAnswerThatIsTooLarge) {
  Asker asker(
      [](const std::string&) { return Reply{.octets = response("200 OK", "", "12345678")}; }, 7);
  const auto answer = asker.ask({.target = "/x"});
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, FailureKind::TooLarge);
}

TEST(RequesterTest, IsQuietOnceCancelled) {
  Asker asker([](const std::string&) { return Reply{.octets = response("200 OK", "", "x")}; });
  bool called = false;
  asker.requester.send({.target = "/x"}, [&](Result<Answer, Failure>) { called = true; });
  asker.requester.cancel();
  bool later = false;
  asker.reactor.after(50ms, [&] { later = true; });
  ASSERT_TRUE(run_until(asker.reactor, [&] { return later; }));
  EXPECT_FALSE(called);
}

}  // namespace
}  // namespace carillon::outgoing
