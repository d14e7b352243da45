// TLS on real sockets: a stream, its outbox and its handlers.
#include <gtest/gtest.h>

#include <string>

#include "net/reactor.hpp"
#include "net/stream.hpp"
#include "net/tls_entrance.hpp"
#include "net/tls_opening.hpp"
#include "net_support.hpp"
#include "tls_support.hpp"

namespace carillon::net {
namespace {

using namespace std::chrono_literals;
using test::Actions;
using test::Client;
using test::Heard;
using test::TlsPeer;

/// A reactor whose streams come in by TLS, one of them, and its client.
struct OneTlsStream {
  explicit OneTlsStream(int buffer_bytes = 0, ReactorOptions options = {}, Actions actions = {})
      : OneTlsStream(test::tcp_pair(buffer_bytes), std::move(options), std::move(actions)) {}

  OneTlsStream(test::ConnectedPair pair, ReactorOptions options, Actions actions)
      : reactor(std::move(options)), client(std::move(pair.theirs)) {
    entrance.ticket_keys().add(TicketKey::make());
    entrance.use(TlsContext::make({}, test::some_certificates(), entrance.ticket_keys()).value(),
                 10s);
    entrance.set_plain_answer("speak TLS");
    const auto next = std::make_shared<const HandlerFactory>(
        [this, actions](Stream&) { return test::recording(heard, actions); });
    handle = reactor.adopt(std::move(pair.ours), test::some_peer(),
                           [this, next](Stream& stream) { return entrance.open(stream, next); });
    peer.receive({});
  }

  Stream& stream() { return *reactor.find(handle); }
  void carry() {
    pending += peer.take_output();
    pending.erase(0, client.write(pending));
    client.read_some();
    peer.receive(Bytes(client.received()).substr(taken));
    taken = client.received().size();
  }
  template <class Condition>
  bool run_until(Condition condition) {
    return test::run_until(reactor, [&] {
      carry();
      return condition();
    });
  }
  bool shake_hands() {
    return run_until([&] {
      const Stream* found = reactor.find(handle);
      return peer.connected() && found != nullptr && reactor.probe().tls_handshakes == 1;
    });
  }

  TlsEntrance entrance;
  Heard heard;
  Reactor reactor;
  Client client;
  TlsPeer peer;
  Handle handle;
  std::string pending;
  std::size_t taken = 0;
};

TEST(TlsStream, OctetsComeAndGo) {
  OneTlsStream one;
  ASSERT_TRUE(one.shake_hands());
  EXPECT_TRUE(one.stream().secured());
  one.peer.write("hello");
  ASSERT_TRUE(one.run_until([&] { return one.heard.bytes == "hello"; }));
  one.stream().send(Bytes("wor"));
  one.stream().send(SharedBytes("ld"));
  EXPECT_EQ(one.stream().outbox_bytes(), 5U);
  ASSERT_TRUE(one.run_until([&] { return one.peer.received() == "world"; }));
  EXPECT_EQ(one.stream().outbox_bytes(), 0U);
}

TEST(TlsStream, WhatATickMadeLeavesInFullRecords) {
  OneTlsStream one;
  ASSERT_TRUE(one.shake_hands());
  const int before = one.peer.reads();
  std::string sent;
  const SharedBytes piece(std::string(100, 'x'));
  for (int i = 0; i < 400; ++i) {
    one.stream().send(piece);
    sent += piece.view();
  }
  ASSERT_TRUE(one.run_until([&] { return one.peer.received() == sent; }));
  EXPECT_EQ(one.peer.reads() - before, 3) << "40,000 octets in records of 16,384";
}

TEST(TlsStream, ASlowReaderCongestsItAndDrainsIt) {
  OneTlsStream one(4096);
  ASSERT_TRUE(one.shake_hands());
  std::string sent;
  for (int i = 0; i < 200; ++i) {
    const std::string piece(10'000, static_cast<char>('a' + i % 26));
    one.stream().send(SharedBytes(piece));
    sent += piece;
  }
  ASSERT_TRUE(test::run_until(one.reactor, [&] { return one.stream().congested(); }));
  EXPECT_GT(one.stream().outbox_bytes(), 1'000'000U);
  ASSERT_TRUE(one.run_until([&] { return one.peer.received().size() == sent.size(); }));
  EXPECT_EQ(one.peer.received(), sent);
  EXPECT_EQ(one.heard.drains, 1);
  EXPECT_FALSE(one.stream().congested());
}

TEST(TlsStream, CloseSendsWhatWaitsAndSaysThatItIsTheEnd) {
  OneTlsStream one;
  ASSERT_TRUE(one.shake_hands());
  one.stream().send(Bytes("goodbye"));
  one.stream().close();
  ASSERT_TRUE(one.run_until([&] { return one.client.ended(); }));
  EXPECT_EQ(one.peer.received(), "goodbye");
  EXPECT_TRUE(one.peer.ended());
  one.client.close();
  ASSERT_TRUE(test::run_until(one.reactor, [&] { return one.reactor.stream_count() == 0; }));
}

TEST(TlsStream, ThePeersCloseNotifyIsTheEndOfInput) {
  OneTlsStream one;
  ASSERT_TRUE(one.shake_hands());
  one.peer.write("last");
  one.peer.end();
  ASSERT_TRUE(one.run_until([&] { return one.heard.ends == 1; }));
  EXPECT_EQ(one.heard.bytes, "last");
  one.stream().send(Bytes("an answer"));
  one.stream().close();
  ASSERT_TRUE(test::run_until(one.reactor, [&] { return one.reactor.stream_count() == 0; }));
}

TEST(TlsStream, ABrokenRecordEndsItAndIsTold) {
  OneTlsStream one;
  ASSERT_TRUE(one.shake_hands());
  one.client.write(std::string("\x17\x03\x03\x00\x20", 5) + std::string(32, 'x'));
  ASSERT_TRUE(one.run_until([&] { return one.heard.closed.has_value(); }));
  EXPECT_EQ(one.heard.closed, CloseCause::Reset);
  EXPECT_EQ(one.heard.bytes, "");
  EXPECT_EQ(one.reactor.probe().tls_failures, 1U);
  ASSERT_TRUE(one.run_until([&] { return one.client.ended(); }));
}

TEST(TlsStream, APlainPeerIsTold) {
  OneTlsStream one;
  one.client.write("GET / HTTP/1.1\r\n\r\n");
  ASSERT_TRUE(test::run_until(one.reactor, [&] {
    one.client.read_some();
    return one.client.ended();
  }));
  EXPECT_EQ(one.client.received(), "speak TLS");
  EXPECT_EQ(one.reactor.probe().tls_plain_peers, 1U);
  EXPECT_EQ(one.heard.destroyed, 0) << "no handler was made";
}

TEST(TlsStream, AHandshakeThatHurriesIsCut) {
  OneTlsStream one;
  one.client.write("\x16");
  one.reactor.run_once(0ms);
  one.entrance.hurry(0ms);
  ASSERT_TRUE(test::run_until(one.reactor, [&] { return one.reactor.stream_count() == 0; }));
  EXPECT_EQ(one.reactor.probe().tls_timeouts, 1U);
}

TEST(TlsStream, APeerThatMakesUsAnswerAndReadsNothingIsCutOff) {
  OneTlsStream one(4096);
  ASSERT_TRUE(one.shake_hands());
  ASSERT_TRUE(test::run_until(one.reactor, [&] {
    for (int i = 0; i < 100 && one.pending.size() < 10'000; ++i) {
      SSL_key_update(one.peer.native(), SSL_KEY_UPDATE_REQUESTED);
      SSL_do_handshake(one.peer.native());
      one.pending += one.peer.take_output();
    }
    one.pending.erase(0, one.client.write(one.pending));
    const Stream* found = one.reactor.find(one.handle);
    EXPECT_TRUE(found == nullptr || found->outbox_bytes() <= limits::kMostSealedBytes);
    return found == nullptr || one.reactor.probe().bytes_received > 2'000'000;
  }));
}

TEST(TlsStream, AHandlerMayEndItInAnyCallback) {
  for (const bool hard : {false, true}) {
    OneTlsStream* self = nullptr;
    const auto end = [&] { hard ? self->stream().abort() : self->stream().close(); };
    OneTlsStream one(0, {}, {.on_bytes = [&](std::span<char>) { end(); }});
    self = &one;
    ASSERT_TRUE(one.shake_hands());
    one.peer.write("a");
    one.peer.write("b");
    one.peer.end();
    ASSERT_TRUE(one.run_until([&] { return one.reactor.find(one.handle) == nullptr; }));
    EXPECT_EQ(one.heard.calls_with_bytes, 1);
    EXPECT_EQ(one.heard.ends, 0);
  }
}

}  // namespace
}  // namespace carillon::net
