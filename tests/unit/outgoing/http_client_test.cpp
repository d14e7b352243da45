#include "outgoing/http_client.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "tests/unit/client/fake_server.hpp"

namespace carillon::outgoing {
namespace {

using namespace std::chrono_literals;
using client::test::FakeServer;
using client::test::Reply;
using client::test::response;
using client::test::run_until;
using testing::HasSubstr;

struct Call final : HttpListener {
  explicit Call(FakeServer::Answer answer)
      : server(reactor, std::move(answer)), http(reactor, server.options, *this) {}

  void on_http_head(http1::ResponseHead head) override { status = head.status; }
  void on_http_body(Bytes piece) override { body += piece; }
  void on_http_complete() override {
    ++completed;
    if (then) then();
  }
  void on_http_failed(const Failure& why) override { failures.push_back(why); }
  bool ended() const { return completed > 0 || !failures.empty(); }
  void run() {
    http.call({.target = "/x"});
    EXPECT_TRUE(run_until(reactor, [this] { return ended(); }));
  }

  net::Reactor reactor;
  FakeServer server;
  HttpClient http;
  int status = 0;
  std::string body;
  int completed = 0;
  std::vector<Failure> failures;
  std::function<void()> then;
};

TEST(HttpClientTest, SendsWhatServersWantToKnow) {
  Call call([](const std::string&) { return Reply{.octets = response("200 OK", "", "hi")}; });
  call.server.options.token = "secret";
  HttpRequest request{.method = "POST", .target = "/api?x=1", .body = "data"};
  request.fields.add("Content-Type", "text/plain");
  call.http.call(std::move(request));
  ASSERT_TRUE(run_until(call.reactor, [&] { return call.ended(); }));
  const std::string& head = call.server.heads.at(0);
  EXPECT_THAT(head, HasSubstr("POST /base/api?x=1 HTTP/1.1\r\n"));
  EXPECT_THAT(head, HasSubstr("Host: " + call.server.options.server.authority() + "\r\n"));
  EXPECT_THAT(head, HasSubstr("Authorization: Bearer secret\r\n"));
  EXPECT_THAT(head, HasSubstr("Content-Length: 4\r\n"));
  EXPECT_THAT(head, HasSubstr("\r\n\r\ndata"));
  EXPECT_EQ(call.body, "hi");
}

TEST(HttpClientTest, KeepsTheConnectionAsLongAsTheServerDoes) {
  Call call([](const std::string& head) {
    const bool last = head.find("/last") != std::string::npos;
    return Reply{.octets = response("200 OK", last ? "Connection: close\r\n" : "", "x"),
                 .closes = last};
  });
  call.then = [&] {
    if (call.completed < 3) call.http.call({.target = call.completed == 2 ? "/last" : "/x"});
  };
  call.run();
  ASSERT_TRUE(run_until(call.reactor, [&] { return call.completed == 3; }));
  EXPECT_EQ(call.server.connections, 1);
  call.then = nullptr;
  call.http.call({.target = "/again"});
  ASSERT_TRUE(run_until(call.reactor, [&] { return call.completed == 4; }));
  EXPECT_EQ(call.server.connections, 2);
  EXPECT_TRUE(call.failures.empty());
}

TEST(HttpClientTest, ComesBackAfterAKeptConnectionHasGone) {
  Call call([](const std::string&) { return Reply{.octets = response("200 OK", "", "x")}; });
  call.run();
  call.server.cut();
  for (int i = 0; i < 10; ++i) call.reactor.run_once(1ms);
  EXPECT_TRUE(call.failures.empty());
  call.http.call({.target = "/x"});
  ASSERT_TRUE(run_until(call.reactor, [&] { return call.completed == 2; }));
  EXPECT_EQ(call.server.connections, 2);
}

TEST(HttpClientTest, ReadsABodyUpToTheEndOfTheConnection) {
  Call call([](const std::string&) {
    return Reply{.octets = "HTTP/1.1 200 OK\r\n\r\nall of it", .piece_bytes = 3, .closes = true};
  });
  call.run();
  EXPECT_EQ(call.body, "all of it");
  EXPECT_EQ(call.completed, 1);
}

TEST(HttpClientTest, TellsAnAnswerThatBreaksOff) {
  const std::string whole = response("200 OK", "", "12345");
  for (std::size_t size = 0; size < whole.size(); size += 3) {
    Call call(
        [&](const std::string&) { return Reply{.octets = whole.substr(0, size), .closes = true}; });
    call.run();
    ASSERT_EQ(call.failures.size(), 1U) << size;
    EXPECT_EQ(call.failures[0].kind, FailureKind::Lost);
    EXPECT_EQ(call.completed, 0);
  }
}

TEST(HttpClientTest, TellsWhatIsNoHttp) {
  Call call([](const std::string&) { return Reply{.octets = "SSH-2.0-OpenSSH_9.2\r\n"}; });
  call.run();
  ASSERT_EQ(call.failures.size(), 1U);
  EXPECT_EQ(call.failures[0].kind, FailureKind::NotOurs);
}

TEST(HttpClientTest, TakesASilentServerForDead) {
  Call call([](const std::string&) {
    return Reply{.octets = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n12"};
  });
  call.server.options.silence = 50ms;
  call.run();
  ASSERT_EQ(call.failures.size(), 1U);
  EXPECT_EQ(call.failures[0].kind, FailureKind::Silent);
  EXPECT_EQ(call.body, "12");
}

TEST(HttpClientTest, TellsWhereNobodyListens) {
  Call call([](const std::string&) { return Reply{}; });
  call.server.options.server = ServerUrl::parse("unix:/nowhere/at/all").value();
  call.run();
  ASSERT_EQ(call.failures.size(), 1U);
  EXPECT_EQ(call.failures[0].kind, FailureKind::Unreachable);
  EXPECT_THAT(call.failures[0].text, HasSubstr("unix:/nowhere/at/all"));
  call.server.options.server = ServerUrl::parse("http://no-such-host.invalid").value();
  call.failures.clear();
  call.run();
  EXPECT_EQ(call.failures.at(0).kind, FailureKind::Unreachable);
}

}  // namespace
}  // namespace carillon::outgoing
