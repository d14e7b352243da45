#include "net/io_batch.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <deque>
#include <string>
#include <vector>

#include "io_backends.hpp"
#include "net/limits.hpp"
#include "net_support.hpp"

namespace carillon::net {
namespace {

using test::Client;
using test::ConnectedPair;
using test::tcp_pair;
using test::unix_pair;

/// A batch under construction: the octets live as long as it does.
class Sends {
 public:
  void add(int fd, const std::vector<std::string>& pieces) {
    std::vector<iovec>& gathered = pieces_.emplace_back();
    for (const std::string& piece : pieces) {
      std::string& octets = octets_.emplace_back(piece);
      gathered.push_back({.iov_base = octets.data(), .iov_len = octets.size()});
    }
    operations.push_back({.fd = fd, .pieces = gathered});
  }

  std::vector<SendOp> operations;

 private:
  std::deque<std::vector<iovec>> pieces_;
  std::deque<std::string> octets_;
};

class Receives {
 public:
  void add(int fd, std::size_t room = 64) {
    std::string& buffer = buffers_.emplace_back(room, '\0');
    operations.push_back({.fd = fd, .buffer = buffer});
  }
  std::string text(std::size_t index) const {
    const auto size = static_cast<std::size_t>(std::max<ssize_t>(operations[index].result, 0));
    return buffers_[index].substr(0, size);
  }

  std::vector<RecvOp> operations;

 private:
  std::deque<std::string> buffers_;
};

std::string text_of(std::size_t index) {
  return "stream " + std::to_string(index);
}

/// Enough healthy sockets before the one that matters for a ring to be worth its while, and one
/// behind it.
class IoBatchTest : public testing::TestWithParam<IoChoice> {
 protected:
  IoBatchTest() {
    for (std::size_t index = 0; index < limits::kRingWorthwhile; ++index) {
      healthy.push_back(unix_pair());
    }
  }

  /// The result of one send among others, which all succeed.
  ssize_t send(int fd, const std::vector<std::string>& pieces) {
    Sends sends;
    for (const ConnectedPair& pair : healthy) sends.add(pair.ours.get(), {"well"});
    sends.add(fd, pieces);
    std::swap(sends.operations.back(), sends.operations[sends.operations.size() - 2]);
    batch->send_many(sends.operations);
    for (std::size_t index = 0; index < sends.operations.size(); ++index) {
      const SendOp& operation = sends.operations[index];
      if (operation.fd == fd) continue;
      EXPECT_EQ(operation.result, 4) << index;
    }
    return sends.operations[sends.operations.size() - 2].result;
  }

  /// The result of one receive among others, which all bring an octet.
  ssize_t receive(int fd, std::size_t room = 64) {
    Receives receives;
    for (const ConnectedPair& pair : healthy) {
      EXPECT_EQ(::send(pair.theirs.get(), "w", 1, 0), 1);
      receives.add(pair.ours.get());
    }
    receives.add(fd, room);
    std::swap(receives.operations.front(), receives.operations.back());
    batch->recv_many(receives.operations);
    for (std::size_t index = 1; index < receives.operations.size(); ++index) {
      EXPECT_EQ(receives.operations[index].result, 1) << index;
    }
    return receives.operations.front().result;
  }

  std::unique_ptr<IoBatch> batch = test::make_batch(GetParam());
  std::vector<ConnectedPair> healthy;
};

INSTANTIATE_TEST_SUITE_P(Backends, IoBatchTest, testing::Values(IoChoice::Epoll, IoChoice::Uring),
                         test::name_of);

TEST_P(IoBatchTest, NothingToDoIsNoSystemCall) {
  batch->send_many({});
  batch->recv_many({});
  EXPECT_EQ(batch->system_calls(), 0U);
}

TEST_P(IoBatchTest, EachOfManyGetsItsOwn) {
  constexpr std::size_t kRing = limits::kRingEntries;
  std::vector<ConnectedPair> pairs;
  while (pairs.size() < 2 * kRing + 3) pairs.push_back(unix_pair());
  const std::size_t few = limits::kRingWorthwhile;
  for (const std::size_t size : {std::size_t{1}, few - 1, few, kRing - 1, kRing, kRing + 1,
                                 kRing + few, 2 * kRing, 2 * kRing + 3}) {
    Sends sends;
    Receives receives;
    for (std::size_t index = 0; index < size; ++index) {
      const std::string text = text_of(index);
      const std::size_t cut = index % text.size();
      // One piece, or several.
      if (index % 3 == 0) sends.add(pairs[index].ours.get(), {text});
      if (index % 3 != 0)
        sends.add(pairs[index].ours.get(), {text.substr(0, cut), text.substr(cut)});
      receives.add(pairs[index].theirs.get());
    }
    batch->send_many(sends.operations);
    batch->recv_many(receives.operations);
    for (std::size_t index = 0; index < size; ++index) {
      const std::string text = text_of(index);
      ASSERT_EQ(sends.operations[index].result, static_cast<ssize_t>(text.size())) << index;
      ASSERT_EQ(receives.text(index), text) << index << " of " << size;
    }
  }
}

TEST_P(IoBatchTest, AsManyPiecesAsAStreamOffersLeaveInOrder) {
  const ConnectedPair pair = unix_pair();
  std::vector<std::string> pieces;
  std::string all;
  for (std::size_t index = 0; index < limits::kPiecesPerSend; ++index) {
    all += pieces.emplace_back(text_of(index));
  }
  EXPECT_EQ(send(pair.ours.get(), pieces), static_cast<ssize_t>(all.size()));
  Client client(UniqueFd(::dup(pair.theirs.get())));
  client.read_some();
  EXPECT_EQ(client.received(), all);
}

TEST_P(IoBatchTest, APartOfALargeSendIsTakenAndThenNothing) {
  const ConnectedPair pair = unix_pair();  // TCP makes room again by itself
  const std::string large(8 * 1024 * 1024, 'x');
  const ssize_t taken = send(pair.ours.get(), {large});
  EXPECT_GT(taken, 0);
  EXPECT_LT(taken, static_cast<ssize_t>(large.size()));
  ssize_t result = taken;
  for (int turn = 0; turn < 1'000 && result > 0; ++turn) result = send(pair.ours.get(), {large});
  EXPECT_EQ(result, -EAGAIN);
  EXPECT_EQ(send(pair.ours.get(), {"a", "b"}), -EAGAIN);
}

TEST_P(IoBatchTest, ABlockingSocketIsNotWaitedFor) {
  const ConnectedPair pair = unix_pair();
  EXPECT_EQ(::fcntl(pair.ours.get(), F_GETFL) & O_NONBLOCK, 0);
  EXPECT_EQ(receive(pair.ours.get()), -EAGAIN);
}

TEST_P(IoBatchTest, AReceiveBringsWhatItHasRoomFor) {
  const ConnectedPair pair = unix_pair();
  ASSERT_EQ(::send(pair.theirs.get(), "12345", 5, 0), 5);
  EXPECT_EQ(receive(pair.ours.get(), 3), 3);
  EXPECT_EQ(receive(pair.ours.get(), 3), 2);
  EXPECT_EQ(receive(pair.ours.get(), 3), -EAGAIN);
}

TEST_P(IoBatchTest, ThePeersEndIsZeroAfterItsLastOctets) {
  ConnectedPair pair = tcp_pair();
  ASSERT_EQ(::send(pair.theirs.get(), "bye", 3, 0), 3);
  pair.theirs.reset();
  EXPECT_EQ(receive(pair.ours.get()), 3);
  EXPECT_EQ(receive(pair.ours.get()), 0);
  EXPECT_EQ(receive(pair.ours.get()), 0);
}

TEST_P(IoBatchTest, AResetIsAnErrorOfItsOwnSocketOnly) {
  ConnectedPair pair = tcp_pair();
  Client(std::move(pair.theirs)).close_with_reset();
  EXPECT_EQ(receive(pair.ours.get()), -ECONNRESET);
  EXPECT_EQ(send(pair.ours.get(), {"x"}), -EPIPE);
}

TEST_P(IoBatchTest, ASendToWhomHasGoneIsNoSignal) {
  ConnectedPair pair = unix_pair();
  pair.theirs.reset();
  EXPECT_EQ(send(pair.ours.get(), {"x"}), -EPIPE);
  EXPECT_EQ(send(pair.ours.get(), {"x", "y"}), -EPIPE);
}

TEST_P(IoBatchTest, AClosedOrWrongDescriptorIsAnErrorOfItsOwn) {
  ConnectedPair pair = unix_pair();
  const int closed = pair.ours.get();
  pair.ours.reset();
  EXPECT_EQ(send(closed, {"x"}), -EBADF);
  EXPECT_EQ(receive(closed), -EBADF);
  EXPECT_EQ(send(-1, {"x", "y"}), -EBADF);
  const UniqueFd null(::open("/dev/null", O_RDWR | O_CLOEXEC));
  EXPECT_EQ(send(null.get(), {"x"}), -ENOTSOCK);
  EXPECT_EQ(receive(null.get()), -ENOTSOCK);
}

TEST_P(IoBatchTest, ABatchOfFailuresOnlyIsABatchToo) {
  Sends sends;
  Receives receives;
  for (std::size_t index = 0; index < 2 * limits::kRingEntries; ++index) {
    sends.add(-1, {"x"});
    receives.add(-1);
  }
  batch->send_many(sends.operations);
  batch->recv_many(receives.operations);
  const auto is_refused = [](const auto& operation) { return operation.result == -EBADF; };
  EXPECT_TRUE(std::ranges::all_of(sends.operations, is_refused));
  EXPECT_TRUE(std::ranges::all_of(receives.operations, is_refused));
  EXPECT_EQ(send(healthy.front().theirs.get(), {"still well"}), 10);
}

}  // namespace
}  // namespace carillon::net
