// Connections that go from one reactor to another.
#include "net/detached_stream.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <utility>

#include "net_support.hpp"

namespace carillon::net {
namespace {

using namespace std::chrono_literals;
using test::Heard;
using test::OneStream;
using test::recording;
using test::tcp_pair;

TEST(DetachedStreamTest, GoesOnOnAnotherReactor) {
  OneStream one(tcp_pair());
  one.client.write("first");
  ASSERT_TRUE(one.run_until([&] { return one.heard.bytes == "first"; }));
  std::optional<DetachedStream> detached = one.stream().detach();
  ASSERT_TRUE(detached);
  EXPECT_EQ(one.reactor.find(one.handle), nullptr);
  one.client.write("second");
  one.reactor.run_once(0ms);
  EXPECT_EQ(one.heard.destroyed, 1);
  EXPECT_FALSE(one.heard.closed);
  EXPECT_TRUE(one.gone());

  Reactor other;
  Heard heard;
  const Handle handle = other.adopt(*std::move(detached), recording(heard));
  ASSERT_TRUE(test::run_until(other, [&] { return heard.bytes == "second"; }));
  other.find(handle)->send(Bytes("answer"));
  ASSERT_TRUE(test::run_until(other, [&] {
    one.client.read_some();
    return one.client.received() == "answer";
  }));
  EXPECT_EQ(one.heard.bytes, "first");
}

TEST(DetachedStreamTest, StaysWhileSomethingWaitsToBeSent) {
  OneStream one(tcp_pair());
  one.stream().send(Bytes("x"));
  EXPECT_FALSE(one.stream().detach());
  ASSERT_TRUE(one.read_until([&] { return one.client.received() == "x"; }));
  EXPECT_TRUE(one.stream().detach());
}

TEST(DetachedStreamTest, IsClosedWhereNobodyTakesIt) {
  int gone_count = 0;
  OneStream one(tcp_pair(), {.on_counted_gone = [&](const PeerAddress&) { ++gone_count; }});
  PeerAddress peer = one.stream().peer();
  peer.mark_counted();
  one.stream().set_peer(peer);
  std::optional<DetachedStream> detached = one.stream().detach();
  ASSERT_TRUE(detached);
  one.reactor.run_once(0ms);
  EXPECT_EQ(gone_count, 0);
  detached.reset();
  EXPECT_EQ(gone_count, 1);
  ASSERT_TRUE(one.read_until([&] { return one.client.ended(); }));
}

}  // namespace
}  // namespace carillon::net
