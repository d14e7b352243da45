#include "client/websocket_reader.hpp"

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
using test::frame;
using test::Heard;
using test::message;
using test::Reply;
using test::response;
using test::run_until;
using testing::ElementsAre;
using testing::HasSubstr;

/// A reader of the channels `a` and `b`; each text that it sends gets the next of the answers.
struct Socket {
  explicit Socket(std::vector<std::string> answers, std::size_t piece = std::string::npos)
      : server(reactor, [](const std::string&) { return Reply{}; }),
        reader(reactor, server.options, request, heard) {
    server.talk(
        [this, answers = std::move(answers)](const std::string& text) {
          if (text.empty()) return frame(R"({"type":"welcome","version":1,"ping_s":25})");
          return answered < answers.size() ? answers[answered++] : std::string{};
        },
        piece);
  }
  void start(Bytes after) { reader.start(native::parse_position_list(after).value()); }
  bool run(std::size_t lines) {
    return run_until(reactor, [&] { return heard.lines.size() >= lines; });
  }

  net::Reactor reactor;
  ReadRequest request{.channels = {"a", "b"}};
  Heard heard;
  std::size_t answered = 0;
  FakeServer server;
  WebSocketReader reader;
};

TEST(WebSocketReaderTest, SubscribesAndTellsHoweverItIsCut) {
  const std::string first =
      frame(message("a", 2, "2")) + frame(R"({"type":"ok","id":0,"channel":"a","position":"e:2",)"
                                          R"("recovered":true,"contiguous":true})");
  const std::string second =
      frame(R"({"type":"ok","id":3,"channel":"b","position":"e:7",)"
            R"("recovered":true,"contiguous":false})") +
      frame(message("b", 8, "\"é\"")) + frame("ping!", websocket::Opcode::Ping) +
      frame(R"({"type":"ephemeral","channel":"a","data":[1]})") +
      frame(R"({"type":"gap","channel":"a","position":"e:9"})") +
      frame(R"({"type":"unheard-of"})") +
      frame(R"({"type":"closing","code":"slow","reconnect":true,"wait_ms":1000})");
  for (const std::size_t piece : {std::size_t{1}, std::size_t{9}, std::string::npos}) {
    Socket socket({first, second}, piece);
    socket.start("e:1,-");
    ASSERT_TRUE(socket.run(8));
    EXPECT_THAT(socket.server.texts,
                ElementsAre(R"({"type":"subscribe","id":0,"channel":"a","after":"e:1"})",
                            R"({"type":"subscribe","id":3,"channel":"b"})"));
    EXPECT_THAT(socket.heard.lines,
                ElementsAre("message 0 e:2 2", "position 0 e:2", "not contiguous", "position 1 e:7",
                            "message 1 e:8 \"é\"", "ephemeral 0 [1]", "gap 0 e:9", "failed slow"));
    EXPECT_EQ(socket.heard.failures[0].wait, 1s);
    EXPECT_TRUE(run_until(socket.reactor, [&] { return socket.server.got_close; }));
  }
}

TEST(WebSocketReaderTest, SubscribesAgainWhereMoreWasMissed) {
  Socket socket(
      {frame(message("a", 2, "2")) +
           frame(R"({"type":"ok","id":0,"position":"e:9","recovered":true,"more":true})") +
           frame(message("a", 10, "10")),
       "", frame(message("a", 11, "11")) + frame(R"({"type":"ok","id":1})"),
       frame(message("a", 3, "3")) +
           frame(R"({"type":"ok","id":0,"position":"e:3","recovered":true})")});
  socket.start("e:1,-");
  ASSERT_TRUE(socket.run(3));
  EXPECT_THAT(socket.heard.lines,
              ElementsAre("message 0 e:2 2", "message 0 e:3 3", "position 0 e:3"));
  EXPECT_THAT(socket.server.texts[2], R"({"type":"unsubscribe","id":1,"channel":"a"})");
  EXPECT_THAT(socket.server.texts[3], R"({"type":"subscribe","id":0,"channel":"a","after":"e:2"})");
}

TEST(WebSocketReaderTest, GoesOnFromWhatIsRetainedWhereThatIsMoreThanOneAnswer) {
  Socket socket({frame(R"({"type":"ok","id":0,"position":"f:9","recovered":false,"more":true})") +
                     frame(R"({"type":"gap","channel":"a","position":"f:9"})"),
                 "", frame(R"({"type":"ok","id":1})"),
                 frame(R"({"type":"error","id":2,"code":"gone","message":"m","position":"f:9",)"
                       R"("retained":"f:4"})"),
                 frame(message("a", 5, "5", "f")) +
                     frame(R"({"type":"ok","id":0,"position":"f:5","recovered":true})")});
  socket.start("e:1,-");
  ASSERT_TRUE(socket.run(3));
  EXPECT_THAT(socket.heard.lines, ElementsAre("gap 0 f:4", "message 0 f:5 5", "position 0 f:5"));
  EXPECT_THAT(socket.server.texts[3],
              R"({"type":"history","id":2,"channel":"a","after":"e:1","limit":1})");
}

TEST(WebSocketReaderTest, TellsARefusedSubscription) {
  Socket socket({frame(R"({"type":"error","id":0,"code":"forbidden","message":"not you"})")});
  socket.start("-,-");
  ASSERT_TRUE(socket.run(1));
  EXPECT_EQ(socket.heard.lines[0], "failed forbidden");
  EXPECT_EQ(socket.heard.failures[0].remedy, Remedy::None);
}

TEST(WebSocketReaderTest, TellsAClose) {
  Socket socket({frame(std::string("\x03\xE9") + "bye", websocket::Opcode::Close)});
  socket.start("-,-");
  ASSERT_TRUE(socket.run(1));
  EXPECT_EQ(socket.heard.failures[0].kind, FailureKind::Lost);
  EXPECT_THAT(socket.heard.failures[0].text, HasSubstr("1001: bye"));
  EXPECT_TRUE(run_until(socket.reactor, [&] { return socket.server.got_close; }));
}

TEST(WebSocketReaderTest, TellsWhatIsNoneOfOurs) {
  for (const std::string& text :
       {std::string("no JSON"), std::string(R"({"type":"ok","id":0})"),
        std::string(R"({"type":"message","channel":"a"})"), std::string(R"({"type":"error"})")}) {
    Socket socket({frame(text)});
    socket.start("-,-");
    ASSERT_TRUE(socket.run(1)) << text;
    EXPECT_EQ(socket.heard.failures.at(0).kind, FailureKind::NotOurs);
  }
  Socket socket({"\xFF\xFF"});
  socket.start("-,-");
  ASSERT_TRUE(socket.run(1));
  EXPECT_EQ(socket.heard.failures.at(0).kind, FailureKind::NotOurs);
}

TEST(WebSocketReaderTest, PingsASilentServerAndGivesUp) {
  Socket socket({});
  socket.server.options.silence = 200ms;
  socket.start("-,-");
  ASSERT_TRUE(socket.run(1));
  EXPECT_GE(socket.server.pings, 1U);
  EXPECT_EQ(socket.heard.failures.at(0).kind, FailureKind::Silent);
}

TEST(WebSocketReaderTest, TellsARefusedHandshakeHoweverItIsCut) {
  const std::string refusal =
      response("403 Forbidden", "Content-Type: application/problem+json\r\n",
               R"({"code":"forbidden","detail":"by Origin"})");
  for (const std::size_t piece : {std::size_t{1}, std::string::npos}) {
    net::Reactor reactor;
    FakeServer server(reactor, [&](const std::string&) {
      return Reply{.octets = refusal, .piece_bytes = piece};
    });
    const ReadRequest request{.channels = {"a"}};
    Heard heard;
    WebSocketReader reader(reactor, server.options, request, heard);
    reader.start(native::PositionList(1));
    ASSERT_TRUE(run_until(reactor, [&] { return !heard.lines.empty(); }));
    EXPECT_EQ(heard.failures.at(0).text, "by Origin");
    EXPECT_EQ(heard.failures.at(0).status, 403);
    EXPECT_THAT(server.heads.at(0), HasSubstr("GET /base/ws HTTP/1.1\r\n"));
  }
}

TEST(WebSocketReaderTest, TellsAWrongHandshake) {
  net::Reactor reactor;
  FakeServer server(reactor, [&](const std::string&) {
    return Reply{.octets =
                     "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                     "Connection: Upgrade\r\nSec-WebSocket-Accept: x\r\n\r\n"};
  });
  const ReadRequest request{.channels = {"a"}};
  Heard heard;
  WebSocketReader reader(reactor, server.options, request, heard);
  reader.start(native::PositionList(1));
  ASSERT_TRUE(run_until(reactor, [&] { return !heard.lines.empty(); }));
  EXPECT_EQ(heard.failures.at(0).kind, FailureKind::NotOurs);
}

}  // namespace
}  // namespace carillon::client
