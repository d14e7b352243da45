#include "client/poll_reader.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "fake_server.hpp"
#include "heard.hpp"

namespace carillon::client {
namespace {

using namespace std::chrono_literals;
using test::FakeServer;
using test::Heard;
using test::message;
using test::page;
using test::Reply;
using test::response;
using test::run_until;
using testing::ElementsAre;

using Mode = PollReader::Mode;

/// A reader of the channels `a` and `b` whose requests get the given answers, the last one for
/// ever.
struct Polling {
  Polling(Mode mode, std::vector<std::string> answers, std::size_t piece = std::string::npos)
      : server(reactor,
               [this, answers = std::move(answers), piece](const std::string&) {
                 const std::size_t index = std::min(asked++, answers.size() - 1);
                 return Reply{.octets = answers[index], .piece_bytes = piece};
               }),
        reader(reactor, server.options, request, mode, heard, 5) {}

  bool run(std::size_t lines) {
    return run_until(reactor, [&] { return heard.lines.size() >= lines; });
  }
  static native::PositionList positions(Bytes text) {
    return native::parse_position_list(text).value();
  }

  net::Reactor reactor;
  ReadRequest request{.channels = {"a", "b"}, .poll_interval = 1ms};
  Heard heard;
  std::size_t asked = 0;
  FakeServer server;
  PollReader reader;
};

const std::string kPage =
    page("e:2,e:1", "[" + message("a", 1, "1") + "," + message("b", 1, "[2]") + "," +
                        message("a", 2, "\"x\"") + "]");

TEST(PollReaderTest, ReadsOnFromEachAnswerHoweverItIsCut) {
  for (const std::size_t piece : {std::size_t{1}, std::size_t{11}, std::string::npos}) {
    Polling polling(Mode::Long, {kPage, page("e:2,e:1", "[]")}, piece);
    polling.reader.start(Polling::positions("e:0,-"));
    ASSERT_TRUE(polling.run(5));
    EXPECT_THAT(std::vector(polling.heard.lines.begin(), polling.heard.lines.begin() + 5),
                ElementsAre("message 0 e:1 1", "message 1 e:1 [2]", "message 0 e:2 \"x\"",
                            "position 0 e:2", "position 1 e:1"));
    ASSERT_TRUE(run_until(polling.reactor, [&] { return polling.server.requests.size() >= 2; }));
    EXPECT_THAT(
        polling.server.requests[0],
        "GET /base/api/messages/subscribe?channel=a&channel=b&after=e:0,-&timeout=0 HTTP/1.1");
    EXPECT_THAT(polling.server.requests[1],
                "GET /base/api/messages/subscribe?channel=a&channel=b&after=e:2,e:1&timeout=30 "
                "HTTP/1.1");
    EXPECT_EQ(polling.server.connections, 1);
  }
}

TEST(PollReaderTest, PollsShortlyOnceItKnowsWhereNowIs) {
  Polling polling(Mode::Short, {page("e:0,e:0", "[]"), kPage});
  polling.reader.start(native::PositionList(2));
  ASSERT_TRUE(polling.run(5));
  ASSERT_TRUE(run_until(polling.reactor, [&] { return polling.server.requests.size() >= 3; }));
  EXPECT_THAT(polling.server.requests[0],
              "GET /base/api/messages/subscribe?channel=a&channel=b&after=-,-&timeout=0 HTTP/1.1");
  EXPECT_THAT(polling.server.requests[1],
              "GET /base/api/messages?channel=a&channel=b&after=e:0,e:0&limit=1000 HTTP/1.1");
  EXPECT_THAT(polling.server.requests[2],
              "GET /base/api/messages?channel=a&channel=b&after=e:2,e:1&limit=1000 HTTP/1.1");
}

TEST(PollReaderTest, GivesTheLatestAndEnds) {
  Polling polling(Mode::Latest, {kPage});
  polling.reader.start(native::PositionList(2));
  ASSERT_TRUE(polling.run(6));
  EXPECT_EQ(polling.heard.lines.back(), "done");
  EXPECT_EQ(polling.server.requests.at(0),
            "GET /base/api/messages?channel=a&channel=b&limit=5 HTTP/1.1");
}

TEST(PollReaderTest, GoesOnFromWhatIsRetained) {
  const std::string gone =
      response("410 Gone", "Content-Type: application/problem+json\r\n",
               R"({"code":"gone","detail":"d","position":"-,e:90","retained":"-,e:80"})");
  Polling polling(Mode::Long, {gone, page("e:5,e:90", "[]")});
  polling.reader.start(Polling::positions("e:5,e:7"));
  ASSERT_TRUE(polling.run(3));
  EXPECT_EQ(polling.heard.lines[0], "gap 1 e:80");
  EXPECT_THAT(polling.server.requests.at(1), testing::HasSubstr("after=e:5,e:80&"));
}

TEST(PollReaderTest, DoesNotGoRoundInCirclesAfterAGone) {
  const std::string gone =
      response("410 Gone", "", R"({"code":"gone","detail":"d","position":"e:1,e:1"})");
  Polling polling(Mode::Long, {gone});
  polling.reader.start(Polling::positions("e:1,e:1"));
  ASSERT_TRUE(polling.run(3));
  EXPECT_EQ(polling.heard.lines.back(), "failed gone");
}

TEST(PollReaderTest, TellsAGapThatTheHeaderTells) {
  Polling polling(Mode::Long,
                  {response("200 OK", "Carillon-Position: e:9,e:1\r\nCarillon-Gap: true\r\n",
                            "[" + message("b", 1, "1") + "]")});
  polling.reader.start(Polling::positions("e:5,e:0"));
  ASSERT_TRUE(polling.run(3));
  EXPECT_EQ(polling.heard.lines[1], "gap 0 e:9");
  EXPECT_EQ(polling.heard.lines[2], "position 1 e:1");
}

TEST(PollReaderTest, TellsWhatIsNoPage) {
  const std::string fields = "Carillon-Position: e:1,e:1\r\n";
  for (const std::string& answer :
       {response("200 OK", "", "[]"), response("200 OK", "Carillon-Position: e:1\r\n", "[]"),
        response("200 OK", fields, "{}"), response("200 OK", fields, "[1]"),
        response("200 OK", fields, R"([{"channel":"a"}])"),
        response("200 OK", fields, "[" + message("c", 1, "1") + "]"),
        response("404 Not Found", "", "nothing here"), response("410 Gone", "", "")}) {
    Polling polling(Mode::Short, {answer});
    polling.reader.start(Polling::positions("e:0,e:0"));
    ASSERT_TRUE(polling.run(1));
    ASSERT_EQ(polling.heard.failures.size(), 1U) << answer;
    EXPECT_EQ(polling.heard.failures[0].kind, FailureKind::NotOurs);
    EXPECT_EQ(polling.heard.failures[0].remedy, Remedy::None);
  }
}

TEST(PollReaderTest, MayBeStoppedWithinAMessage) {
  Polling polling(Mode::Short, {kPage});
  polling.heard.on_line = [&] { polling.reader.stop(); };
  polling.reader.start(Polling::positions("e:0,e:0"));
  ASSERT_TRUE(polling.run(1));
  for (int i = 0; i < 20; ++i) polling.reactor.run_once(1ms);
  EXPECT_THAT(polling.heard.lines, ElementsAre("message 0 e:1 1"));
  EXPECT_EQ(polling.server.requests.size(), 1U);
}

}  // namespace
}  // namespace carillon::client
