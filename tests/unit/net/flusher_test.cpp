#include "net/flusher.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "net/io_loop.hpp"
#include "net_support.hpp"

namespace carillon::net {
namespace {

using namespace std::chrono_literals;
using test::Client;
using test::Heard;
using test::recording;
using test::run_until;
using test::unix_pair;

/// Many streams whose other ends are kept open.
struct Crowd {
  explicit Crowd(std::size_t size, ReactorOptions options = {}) : reactor(std::move(options)) {
    for (std::size_t index = 0; index < size; ++index) {
      auto pair = unix_pair();
      clients.emplace_back(std::move(pair.theirs));
      handles.push_back(reactor.adopt(std::move(pair.ours), {}, recording(heard)));
    }
  }
  Heard heard;
  Reactor reactor;
  std::vector<Client> clients;
  std::vector<Handle> handles;
};

TEST(FlusherTest, SocketsGetATurnBetweenTheSlicesOfALargeFlush) {
  constexpr std::size_t kSize = 3 * limits::kSendsPerSlice;
  Crowd crowd(kSize);
  for (const Handle handle : crowd.handles) crowd.reactor.find(handle)->send(Bytes("x"));
  crowd.reactor.run_once(0ms);
  EXPECT_EQ(crowd.reactor.probe().sends, limits::kSendsPerSlice);
  crowd.clients.back().write("me too");
  crowd.reactor.run_once(1h);  // does not sleep with slices left
  EXPECT_EQ(crowd.heard.bytes, "me too");
  EXPECT_EQ(crowd.reactor.probe().sends, 2 * limits::kSendsPerSlice);
  crowd.reactor.run_once(1h);
  EXPECT_EQ(crowd.reactor.probe().sends, kSize);
}

TEST(FlusherTest, WhatIsAddedBetweenSlicesJoinsTheSendThatIsStillToCome) {
  constexpr std::size_t kSize = 2 * limits::kSendsPerSlice;
  Crowd crowd(kSize);
  const auto send_to_all = [&] {
    for (const Handle handle : crowd.handles) crowd.reactor.find(handle)->send(Bytes("x"));
  };
  send_to_all();
  crowd.reactor.run_once(0ms);
  send_to_all();
  ASSERT_TRUE(run_until(crowd.reactor, [&] {
    for (Client& client : crowd.clients) client.read_some();
    return std::ranges::all_of(crowd.clients,
                               [](const Client& client) { return client.received() == "xx"; });
  }));
  EXPECT_EQ(crowd.reactor.probe().sends, kSize + limits::kSendsPerSlice);
}

TEST(FlusherTest, APausedStreamIsNotReadWhileSlicesAreLeft) {
  Crowd crowd(3 * limits::kSendsPerSlice);
  for (const Handle handle : crowd.handles) crowd.reactor.find(handle)->send(Bytes("x"));
  crowd.reactor.find(crowd.handles.back())->pause_reading();
  crowd.clients.back().write("y");
  for (int tick = 0; tick < 4; ++tick) crowd.reactor.run_once(0ms);
  EXPECT_EQ(crowd.heard.bytes, "");
}

TEST(FlusherTest, SendsOfMoreIovecsThanABatchHoldsAreSplit) {
  Crowd crowd(limits::kPiecesPerBatch / limits::kPiecesPerSend + 3);
  for (const Handle handle : crowd.handles) {
    for (std::size_t piece = 0; piece < limits::kPiecesPerSend; ++piece) {
      crowd.reactor.find(handle)->send(SharedBytes("x"));
    }
  }
  crowd.reactor.run_once(0ms);
  EXPECT_EQ(crowd.reactor.probe().sends, crowd.handles.size());
}

TEST(FlusherTest, StreamsThatEndBeforeTheirTurnAreSkipped) {
  constexpr std::size_t kSize = 2 * limits::kSendsPerSlice;
  Crowd crowd(kSize);
  for (const Handle handle : crowd.handles) crowd.reactor.find(handle)->send(Bytes("x"));
  crowd.reactor.run_once(0ms);
  for (const Handle handle : crowd.handles) crowd.reactor.find(handle)->abort();
  crowd.reactor.run_once(0ms);
  EXPECT_EQ(crowd.reactor.probe().sends, limits::kSendsPerSlice);
  EXPECT_EQ(crowd.reactor.stream_count(), 0U);
}

/// A batch whose sends and receives fail in turn, as sockets may at any time.
class Fickle final : public IoBatch {
 public:
  void send_many(std::span<SendOp> operations) override {
    for (SendOp& operation : operations) {
      if (++turn_ % 3 == 0) {
        operation.result = turn_ % 2 == 0 ? -EAGAIN : -ENOBUFS;
      } else {
        cut(operation);
      }
    }
  }
  void recv_many(std::span<RecvOp> operations) override {
    for (RecvOp& operation : operations) {
      operation.buffer = operation.buffer.first(1);
      if (++turn_ % 3 == 0)
        operation.result = -EAGAIN;
      else
        loop_.recv_many(std::span(&operation, 1));
    }
  }
  void send_datagrams(std::span<DatagramSendOp> operations) override {
    loop_.send_datagrams(operations);
  }
  void recv_datagrams(std::span<DatagramRecvOp> operations) override {
    loop_.recv_datagrams(operations);
  }
  std::string_view name() const override { return "fickle"; }
  std::uint64_t system_calls() const override { return loop_.system_calls(); }

 private:
  /// One octet at a time.
  void cut(SendOp& operation) {
    iovec piece = operation.pieces.front();
    piece.iov_len = 1;
    SendOp small{.fd = operation.fd, .pieces = std::span(&piece, 1)};
    loop_.send_many(std::span(&small, 1));
    operation.result = small.result;
  }

  IoLoop loop_;
  int turn_ = 0;
};

TEST(FlusherTest, PartialSendsAndRefusalsInBetweenKeepTheOrder) {
  Crowd crowd(3, {.make_io_batch = [] { return std::make_unique<Fickle>(); }});
  std::string text;
  for (char letter = 'a'; letter <= 'z'; ++letter) {
    text += std::string(3, letter);
    for (const Handle handle : crowd.handles) {
      crowd.reactor.find(handle)->send(SharedBytes(std::string(2, letter)));
      crowd.reactor.find(handle)->send(Bytes(std::string(1, letter)));
    }
  }
  crowd.clients[0].write(text);
  ASSERT_TRUE(run_until(crowd.reactor, [&] {
    for (Client& client : crowd.clients) client.read_some();
    return crowd.heard.bytes == text && std::ranges::all_of(crowd.clients, [&](const Client& each) {
             return each.received() == text;
           });
  }));
  EXPECT_EQ(crowd.reactor.io_batch()->name(), "fickle");
}

}  // namespace
}  // namespace carillon::net
