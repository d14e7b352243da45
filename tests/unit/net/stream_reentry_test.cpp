// Calls on streams from inside their own and other streams' callbacks.
#include <gtest/gtest.h>

#include <stdexcept>

#include "net/stream.hpp"
#include "net_support.hpp"

namespace carillon::net {
namespace {

using namespace std::chrono_literals;
using test::Client;
using test::Heard;
using test::OneStream;
using test::recording;
using test::tcp_pair;

constexpr int kSmallBuffer = 4096;

enum class Callback { Bytes, End, Drained, Deadline, Closed, Destroyed };
enum class Deed { Close, Abort };

/// Ends the stream from one of its own callbacks, and another stream with it.
class EndInside : public testing::TestWithParam<std::tuple<Callback, Deed>> {};

TEST_P(EndInside, IsSafe) {
  const auto [callback, deed] = GetParam();
  Reactor reactor;
  Heard heard;
  Heard bystander_heard;
  auto pair = tcp_pair(kSmallBuffer);
  auto bystander_pair = tcp_pair();
  Client client(std::move(pair.theirs));
  const Handle bystander =
      reactor.adopt(std::move(bystander_pair.ours), test::some_peer(), recording(bystander_heard));
  Handle handle;
  const auto act = [&, kind = deed] {
    for (const Handle each : {handle, bystander}) {
      Stream* stream = reactor.find(each);
      if (stream == nullptr) continue;
      stream->send(Bytes("bye"));
      kind == Deed::Close ? stream->close() : stream->abort();
    }
  };
  const auto when = [&, wanted = callback](Callback which) -> std::function<void()> {
    return which == wanted ? std::function<void()>(act) : std::function<void()>();
  };
  test::Actions actions{.on_end_of_input = when(Callback::End),
                        .on_drained = when(Callback::Drained),
                        .on_deadline = when(Callback::Deadline),
                        .on_closed = when(Callback::Closed),
                        .on_destroyed = when(Callback::Destroyed)};
  if (callback == Callback::Bytes) actions.on_bytes = [&](std::span<char>) { act(); };
  handle =
      reactor.adopt(std::move(pair.ours), test::some_peer(), recording(heard, std::move(actions)));
  // Both in one batch, so that the bystander's octets are received before it is ended.
  client.write("x");
  Client bystander_client(std::move(bystander_pair.theirs));
  bystander_client.write("y");
  Stream& stream = *reactor.find(handle);
  stream.set_deadline(reactor.now() + 10ms);
  stream.send(SharedBytes(std::string(200'000, 'x')));
  bool ended = false;
  ASSERT_TRUE(test::run_until(reactor, [&] {
    client.read_some();
    if (heard.deadlines > 0 && client.received().size() >= 200'000 && !ended) {
      ended = true;
      client.end_output();
    }
    if (callback == Callback::Closed || callback == Callback::Destroyed) {
      if (heard.ends > 0) client.close_with_reset();
      if (heard.ends > 0 && reactor.find(handle) != nullptr) {
        reactor.find(handle)->send(Bytes("is anybody there?"));
      }
    }
    return reactor.find(bystander) == nullptr && reactor.find(handle) == nullptr;
  }));
  ASSERT_TRUE(test::run_until(reactor, [&] { return heard.destroyed == 1; }));
  EXPECT_EQ(bystander_heard.destroyed, 1);
  EXPECT_FALSE(bystander_heard.closed);
  EXPECT_EQ(heard.closed.has_value(),
            callback == Callback::Closed || callback == Callback::Destroyed);
}

INSTANTIATE_TEST_SUITE_P(EveryCallback, EndInside,
                         testing::Combine(testing::Values(Callback::Bytes, Callback::End,
                                                          Callback::Drained, Callback::Deadline,
                                                          Callback::Closed, Callback::Destroyed),
                                          testing::Values(Deed::Close, Deed::Abort)));

TEST(StreamReentryTest, AStreamEndedByAnotherInTheSameBatchHearsNoBytes) {
  Reactor reactor;
  Heard heard[2];
  Handle handles[2];
  std::vector<Client> clients;
  for (int index = 0; index < 2; ++index) {
    auto pair = tcp_pair();
    clients.emplace_back(std::move(pair.theirs));
    handles[index] =
        reactor.adopt(std::move(pair.ours), test::some_peer(),
                      recording(heard[index], {.on_bytes = [&, other = 1 - index](std::span<char>) {
                                  if (Stream* stream = reactor.find(handles[other]))
                                    stream->abort();
                                }}));
  }
  for (Client& client : clients) client.write("x");
  ASSERT_TRUE(test::run_until(reactor, [&] { return reactor.stream_count() == 1; }));
  EXPECT_EQ(heard[0].calls_with_bytes + heard[1].calls_with_bytes, 1);
}

TEST(StreamReentryTest, ACallbackThatThrowsEndsItsStreamAndNoOther) {
  OneStream one(tcp_pair(), {},
                {.on_bytes = [](std::span<char>) { throw std::runtime_error("on purpose"); }});
  Heard heard;
  auto pair = tcp_pair();
  Client other(std::move(pair.theirs));
  one.reactor.adopt(std::move(pair.ours), test::some_peer(), recording(heard));
  one.client.write("x");
  ASSERT_TRUE(one.run_until([&] { return one.reactor.stream_count() == 1; }));
  EXPECT_EQ(one.reactor.probe().exceptions_caught, 1U);
  EXPECT_EQ(one.heard.destroyed, 1);
  other.write("still here");
  ASSERT_TRUE(one.run_until([&] { return heard.bytes == "still here"; }));
}

TEST(StreamReentryTest, AHandlerMayTouchItsStreamWhileItIsDestroyed) {
  Stream* stream = nullptr;
  bool open = true;
  OneStream one(tcp_pair(), {}, {.on_destroyed = [&] {
                  stream->send(Bytes("x"));
                  stream->close();
                  open = stream->open();
                }});
  stream = &one.stream();
  stream->abort();
  one.reactor.run_once(0ms);
  EXPECT_EQ(one.heard.destroyed, 1);
  EXPECT_FALSE(open);
}

}  // namespace
}  // namespace carillon::net
