#include "net/io_ring.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <liburing.h>
#include <sys/syscall.h>

#include <algorithm>
#include <string>
#include <thread>
#include <vector>

#include "io_backends.hpp"
#include "net/limits.hpp"
#include "net_support.hpp"
#include "tests/support/seccomp.hpp"

namespace carillon::net {
namespace {

using test::ConnectedPair;
using test::unix_pair;
using testing::HasSubstr;

/// What the kernel does wrong, once a test says so.
enum class Fault { None, Late, Piecemeal, Refused, HalfThenRefused };
Fault fault = Fault::None;

int take_half(io_uring* ring) {
  const unsigned tail = ring->sq.sqe_tail;
  const unsigned waiting = tail - ring->sq.sqe_head;
  ring->sq.sqe_tail -= waiting / 2;
  const int taken = io_uring_submit(ring);
  ring->sq.sqe_tail = tail;
  return taken;
}

/// The first operation starts when a timer ends, which itself is not told of.
int take_late(io_uring* ring) {
  std::vector<io_uring_sqe> operations;
  for (unsigned at = ring->sq.sqe_head; at != ring->sq.sqe_tail; ++at) {
    operations.push_back(ring->sq.sqes[at & *ring->sq.kring_mask]);
  }
  ring->sq.sqe_tail = ring->sq.sqe_head;
  __kernel_timespec delay = {.tv_sec = 0, .tv_nsec = 200'000'000};
  io_uring_sqe* timer = io_uring_get_sqe(ring);
  io_uring_prep_timeout(timer, &delay, 0, IORING_TIMEOUT_ETIME_SUCCESS);
  timer->flags |= IOSQE_CQE_SKIP_SUCCESS | IOSQE_IO_LINK;
  for (const io_uring_sqe& operation : operations) *io_uring_get_sqe(ring) = operation;
  return io_uring_submit(ring) - 1;
}

int faulty_submit(io_uring* ring) {
  switch (fault) {
    case Fault::None:
      return io_uring_submit(ring);
    case Fault::Late:
      return take_late(ring);
    case Fault::Piecemeal:
      return take_half(ring);
    case Fault::Refused:
      return -EBUSY;
    case Fault::HalfThenRefused:
      fault = Fault::Refused;
      return take_half(ring);
  }
  return 0;
}

/// A ring whose kernel will fail, and sockets to try it with.
struct Trial {
  explicit Trial(std::size_t size = 100) {
    fault = Fault::None;
    if (test::ring_is_here()) ring = std::move(*IoRing::make(&faulty_submit));
    while (pairs.size() < size) pairs.push_back(unix_pair());
  }

  /// Sends its number to each and receives it at the other end; whether all is right.
  bool exchange() {
    std::vector<std::string> texts(pairs.size());
    std::vector<iovec> pieces(pairs.size());
    std::vector<SendOp> sends;
    std::vector<RecvOp> receives;
    std::vector<std::string> buffers(pairs.size(), std::string(16, '\0'));
    for (std::size_t index = 0; index < pairs.size(); ++index) {
      texts[index] = std::to_string(index);
      pieces[index] = {.iov_base = texts[index].data(), .iov_len = texts[index].size()};
      sends.push_back({.fd = pairs[index].ours.get(), .pieces = std::span(&pieces[index], 1)});
      receives.push_back({.fd = pairs[index].theirs.get(), .buffer = buffers[index]});
    }
    ring->send_many(sends);
    ring->recv_many(receives);
    for (std::size_t index = 0; index < pairs.size(); ++index) {
      const auto size = static_cast<std::size_t>(std::max<ssize_t>(receives[index].result, 0));
      if (sends[index].result != static_cast<ssize_t>(texts[index].size())) return false;
      if (buffers[index].substr(0, size) != texts[index]) return false;
    }
    return true;
  }

  std::unique_ptr<IoRing> ring;  // null where there is no io_uring
  std::vector<ConnectedPair> pairs;
};

TEST(IoRingTest, ManyOperationsAreOneSystemCall) {
  Trial trial(limits::kRingEntries);
  if (!trial.ring) return;
  EXPECT_EQ(trial.ring->name(), "uring");
  EXPECT_EQ(trial.ring->system_calls(), 0U);
  EXPECT_TRUE(trial.exchange());
  EXPECT_EQ(trial.ring->system_calls(), 2U);
}

TEST(IoRingTest, FewAreDoneOneByOne) {
  Trial trial(limits::kRingWorthwhile - 1);
  if (!trial.ring) return;
  EXPECT_TRUE(trial.exchange());
  EXPECT_EQ(trial.ring->system_calls(), 2 * (limits::kRingWorthwhile - 1));
}

TEST(IoRingTest, AKernelThatTakesThemPiecemealIsAskedAgain) {
  Trial trial;
  if (!trial.ring) return;
  fault = Fault::Piecemeal;
  EXPECT_TRUE(trial.exchange());
  EXPECT_EQ(trial.ring->name(), "uring");
  EXPECT_TRUE(trial.exchange());
}

TEST(IoRingTest, CompletionsThatAreLateAreWaitedForAndTheLastOfTheRing) {
  Trial trial;
  if (!trial.ring) return;
  EXPECT_TRUE(trial.exchange());
  fault = Fault::Late;
  EXPECT_TRUE(trial.exchange());
  EXPECT_EQ(trial.ring->name(), "epoll");
  EXPECT_TRUE(trial.exchange());
}

TEST(IoRingTest, WhatTheKernelRefusesIsDoneInTheLoop) {
  for (const Fault kind : {Fault::Refused, Fault::HalfThenRefused}) {
    Trial trial;
    if (!trial.ring) return;
    fault = kind;
    EXPECT_TRUE(trial.exchange());
    EXPECT_EQ(trial.ring->name(), "epoll");
    EXPECT_TRUE(trial.exchange());
  }
}

TEST(IoRingTest, OneThatDoesNotCompleteAtOnceIsNotMade) {
  if (!test::ring_is_here()) return;
  fault = Fault::Late;
  const auto ring = IoRing::make(&faulty_submit);
  ASSERT_FALSE(ring);
  EXPECT_EQ(ring.error(), "operations did not complete at once");
}

TEST(IoRingTest, OnAnotherThreadTheLoopServes) {
  Trial trial;
  if (!trial.ring) return;
  std::jthread([&trial] { EXPECT_TRUE(trial.exchange()); }).join();
}

std::string reason_where_refused(long system_call) {
  std::string reason;
  std::jthread([&] {
    ASSERT_TRUE(carillon::test::refuse_system_call(system_call));
    const auto ring = IoRing::make();
    ASSERT_FALSE(ring);
    reason = ring.error();
  }).join();
  return reason;
}

TEST(IoRingTest, AReasonIsGivenWhereAContainerForbidsIt) {
  const std::string reason = reason_where_refused(SYS_io_uring_setup);
  EXPECT_THAT(reason, HasSubstr("Operation not permitted"));
  EXPECT_THAT(reason, HasSubstr("seccomp"));
}

TEST(IoRingTest, AFilterThatAllowsTheSetUpAloneIsNoticed) {
  if (!test::ring_is_here()) return;
  EXPECT_EQ(reason_where_refused(SYS_io_uring_enter), "io_uring_enter: Operation not permitted");
}

}  // namespace
}  // namespace carillon::net
