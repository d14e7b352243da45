#include "client/follower.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "fake_server.hpp"

namespace carillon::client {
namespace {

using namespace std::chrono_literals;
using test::FakeServer;
using test::message;
using test::page;
using test::Reply;
using test::response;
using test::run_until;
using testing::ElementsAre;
using testing::HasSubstr;

const std::string kHead = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n";

std::string event(const std::string& data, const std::string& name = "") {
  return (name.empty() ? "" : "event: " + name + "\n") + "data: " + data + "\n\n";
}

/// A follower of the channel `a` over an event stream; its connections get the replies in turn.
struct Following final : FollowListener {
  explicit Following(std::vector<Reply> replies, FollowOptions options = {})
      : server(reactor, [this, replies = std::move(replies)](const std::string&) {
          return replies[std::min(asked++, replies.size() - 1)];
        }) {
    options.client = server.options;
    options.read.channels = {"a"};
    options.transport = Transport::Sse;
    follower = std::make_unique<Follower>(reactor, std::move(options), *this);
    follower->start();
  }
  bool run(std::size_t count) {
    return run_until(reactor, [&] { return lines.size() >= count; });
  }

  void on_message(const std::string& channel, const Message& message) override {
    lines.push_back(channel + " " + to_text(message.position));
    if (stop_at_message) follower->stop();
  }
  void on_ephemeral(const std::string& channel, const Ephemeral& ephemeral) override {
    lines.push_back(channel + " " + std::string(ephemeral.data));
  }
  void on_gap(const std::string& channel, const Position& position) override {
    lines.push_back("gap " + channel + " " + to_text(position));
  }
  void on_not_contiguous() override { lines.emplace_back("not contiguous"); }
  void on_lost(const Failure& /*failure*/, Duration wait) override {
    lines.emplace_back("lost");
    waits.push_back(wait);
  }
  void on_refused(const Failure& failure) override { lines.push_back("refused " + failure.code); }

  std::vector<std::string> lines;
  std::vector<Duration> waits;
  bool stop_at_message = false;
  std::size_t asked = 0;
  net::Reactor reactor;
  FakeServer server;
  std::unique_ptr<Follower> follower;
};

TEST(FollowerTest, GoesOnFromWhereItStood) {
  Following following({{.octets = kHead + event(message("a", 1, "1")), .closes = true},
                       {.octets = kHead + event(message("a", 2, "2"))}});
  ASSERT_TRUE(following.run(3));
  EXPECT_THAT(following.lines, ElementsAre("a e:1", "lost", "a e:2"));
  EXPECT_THAT(following.server.requests[0], HasSubstr("after=- "));
  EXPECT_THAT(following.server.requests[1], HasSubstr("after=e:1 "));
  EXPECT_EQ(to_text(following.follower->positions()[0].value()), "e:2");
}

TEST(FollowerTest, NeverTellsAMessageTwice) {
  const std::string both = event(message("a", 1, "1")) + event(message("a", 2, "2"));
  Following following({{.octets = kHead + both, .closes = true},
                       {.octets = kHead + both + event(message("a", 3, "3"))}});
  ASSERT_TRUE(following.run(4));
  EXPECT_THAT(following.lines, ElementsAre("a e:1", "a e:2", "lost", "a e:3"));
}

TEST(FollowerTest, TakesAGapBackwardsAtItsWord) {
  const std::string gap = event(R"({"channel":"a","position":"f:0"})", "gap");
  Following following(
      {{.octets = kHead + event(message("a", 9, "1")) + gap + event(message("a", 1, "1", "f"))}});
  ASSERT_TRUE(following.run(3));
  EXPECT_THAT(following.lines, ElementsAre("a e:9", "gap a f:0", "a f:1"));
}

TEST(FollowerTest, ComesBackExactlyWhenAClosingServerSays) {
  const std::string closing =
      event(R"({"code":"shutdown","reconnect":true,"wait_ms":30})", "closing");
  Following following(
      {{.octets = kHead + closing}, {.octets = kHead + event(message("a", 1, "1"))}});
  ASSERT_TRUE(following.run(2));
  EXPECT_THAT(following.lines, ElementsAre("lost", "a e:1"));
  EXPECT_THAT(following.waits, ElementsAre(30ms));
}

TEST(FollowerTest, WaitsAtLeastAsLongAsABusyServerSays) {
  Following following({{.octets = response("503 Service Unavailable", "Retry-After: 7\r\n", "")}});
  ASSERT_TRUE(following.run(1));
  EXPECT_GE(following.waits.at(0), 7s);
  EXPECT_LE(following.waits.at(0), 7s + limits::kBackoffFirst);
}

TEST(FollowerTest, StopsWhereTryingAgainWouldNotHelp) {
  const std::string revoked = event(R"({"code":"revoked","reconnect":false})", "closing");
  Following following({{.octets = kHead + revoked}});
  ASSERT_TRUE(following.run(1));
  EXPECT_THAT(following.lines, ElementsAre("refused revoked"));
  for (int i = 0; i < 20; ++i) following.reactor.run_once(1ms);
  EXPECT_EQ(following.server.connections, 1);
}

TEST(FollowerTest, TellsOnceThatAChannelIsNotContiguous) {
  const std::string position = event(R"({"position":"e:0","contiguous":false})", "position");
  Following following({{.octets = kHead + position + position, .closes = true}});
  ASSERT_TRUE(following.run(3));
  EXPECT_THAT(std::vector(following.lines.begin(), following.lines.begin() + 3),
              ElementsAre("not contiguous", "lost", "lost"));
}

TEST(FollowerTest, BeginsWithTheHistoryWhereAskedTo) {
  FollowOptions options{.history = 5};
  Following following({{.octets = page("e:3", "[" + message("a", 3, "3") + "]")},
                       {.octets = kHead + event(message("a", 4, "4")), .closes = true},
                       {.octets = kHead + event(message("a", 5, "5"))}},
                      std::move(options));
  ASSERT_TRUE(following.run(4));
  EXPECT_THAT(following.lines, ElementsAre("a e:3", "a e:4", "lost", "a e:5"));
  EXPECT_THAT(following.server.requests[0], HasSubstr("/api/messages?channel=a&limit=5 "));
  EXPECT_THAT(following.server.requests[1], HasSubstr("/api/events?channel=a&after=e:3 "));
}

TEST(FollowerTest, IsQuietOnceStoppedInACallback) {
  Following following(
      {{.octets = kHead + event(message("a", 1, "1")) + event(message("a", 2, "2"))}});
  following.stop_at_message = true;
  ASSERT_TRUE(following.run(1));
  for (int i = 0; i < 20; ++i) following.reactor.run_once(1ms);
  EXPECT_THAT(following.lines, ElementsAre("a e:1"));
}

}  // namespace
}  // namespace carillon::client
