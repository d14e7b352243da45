#include "client/sse_reader.hpp"

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
using test::Reply;
using test::response;
using test::run_until;
using testing::ElementsAre;

const std::string kHead =
    "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\n\r\n";

struct Reading {
  explicit Reading(Reply reply)
      : server(reactor, [reply = std::move(reply)](const std::string&) { return reply; }),
        reader(reactor, server.options, request, heard) {
    reader.start(native::parse_position_list("e:1,-").value());
  }
  bool run(std::size_t lines) {
    return run_until(reactor, [&] { return heard.lines.size() >= lines; });
  }

  net::Reactor reactor;
  ReadRequest request{.channels = {"a", "b"}};
  Heard heard;
  FakeServer server;
  SseReader reader;
};

TEST(SseReaderTest, TellsEveryEventHoweverItIsCut) {
  const std::string stream =
      kHead + "retry: 2000\n\n" + "event: gap\ndata: {\"channel\":\"a\",\"position\":\"e:3\"}\n\n" +
      "event: position\nid: e:3,e:0\n"
      "data: {\"position\":\"e:3,e:0\",\"recovered\":false,\"contiguous\":false}\n\n:\n\n" +
      "id: e:4,e:0\ndata: " + message("a", 4, "{\"x\":1}") + "\n\n" +
      "event: ephemeral\ndata: {\"channel\":\"b\",\"data\":7}\n\n" +
      "event: signal\ndata: {\"channel\":\"b\",\"data\":7}\n\n" +
      "event: closing\ndata: {\"code\":\"shutdown\",\"reconnect\":true,\"wait_ms\":1500}\n\n";
  for (const std::size_t piece : {std::size_t{1}, std::size_t{13}, std::string::npos}) {
    Reading reading({.octets = stream, .piece_bytes = piece});
    ASSERT_TRUE(reading.run(7));
    EXPECT_THAT(reading.heard.lines,
                ElementsAre("gap 0 e:3", "position 0 e:3", "position 1 e:0", "not contiguous",
                            "message 0 e:4 {\"x\":1}", "ephemeral 1 7", "failed shutdown"));
    EXPECT_EQ(reading.heard.failures[0].kind, FailureKind::Closing);
    EXPECT_EQ(reading.heard.failures[0].wait, 1500ms);
    EXPECT_EQ(reading.server.requests.at(0),
              "GET /base/api/events?channel=a&channel=b&after=e:1,- HTTP/1.1");
  }
}

TEST(SseReaderTest, TellsTheEndOfTheStream) {
  Reading reading({.octets = kHead + "data: {\"half", .closes = true});
  ASSERT_TRUE(reading.run(1));
  EXPECT_EQ(reading.heard.failures[0].kind, FailureKind::Lost);
  EXPECT_EQ(reading.heard.failures[0].remedy, Remedy::Retry);
}

TEST(SseReaderTest, TellsARefusal) {
  Reading reading({.octets = response("401 Unauthorized", "",
                                      R"({"code":"unauthenticated","detail":"who are you?"})")});
  ASSERT_TRUE(reading.run(1));
  EXPECT_EQ(reading.heard.lines[0], "failed unauthenticated");
  EXPECT_EQ(reading.heard.failures[0].text, "who are you?");
  EXPECT_EQ(reading.heard.failures[0].remedy, Remedy::None);
}

TEST(SseReaderTest, DoesNotTakeAPageForAStream) {
  const std::string body(limits::kProblemBytes + 1000, 'x');
  Reading reading({.octets = response("200 OK", "Content-Type: text/html\r\n", body)});
  ASSERT_TRUE(reading.run(1));
  EXPECT_EQ(reading.heard.failures[0].kind, FailureKind::NotOurs);
  EXPECT_EQ(reading.heard.failures.size(), 1U);
}

TEST(SseReaderTest, TellsEventsThatAreNoneOfOurs) {
  for (const std::string& data :
       {std::string("no JSON"), message("c", 1, "1"), std::string(R"({"channel":"a"})")}) {
    Reading reading({.octets = kHead + "data: " + data + "\n\n"});
    ASSERT_TRUE(reading.run(1));
    EXPECT_EQ(reading.heard.failures.at(0).kind, FailureKind::NotOurs);
  }
}

TEST(SseReaderTest, NoticesSilence) {
  net::Reactor reactor;
  FakeServer server(reactor, [](const std::string&) { return Reply{.octets = kHead + ":\n\n"}; });
  server.options.silence = 50ms;
  const ReadRequest request{.channels = {"a"}};
  Heard heard;
  SseReader reader(reactor, server.options, request, heard);
  reader.start(native::PositionList(1));
  ASSERT_TRUE(run_until(reactor, [&] { return !heard.lines.empty(); }));
  EXPECT_EQ(heard.failures.at(0).kind, FailureKind::Silent);
}

}  // namespace
}  // namespace carillon::client
