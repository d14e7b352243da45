#include "net/mailbox.hpp"

#include <gtest/gtest.h>
#include <poll.h>

#include <atomic>
#include <memory>
#include <thread>
#include <vector>

namespace carillon::net {
namespace {

void run_all(Mailbox& mailbox, std::size_t limit = 1'000'000) {
  mailbox.drain(limit, [](Task& task) { task(); });
}

TEST(MailboxTest, TasksComeOutInOrder) {
  Waker waker;
  Mailbox mailbox(waker, 4);
  std::vector<int> order;
  for (int round = 0; round < 5; ++round) {
    for (int index = 0; index < 3; ++index) {
      Task task = [&order, index] { order.push_back(index); };
      ASSERT_TRUE(mailbox.try_send(task));
    }
    run_all(mailbox);
    EXPECT_EQ(order, (std::vector{0, 1, 2}));
    order.clear();
    EXPECT_TRUE(mailbox.empty());
  }
}

TEST(MailboxTest, AFullOneRefusesAndLeavesTheTaskWithItsOwner) {
  Waker waker;
  Mailbox mailbox(waker, 1);
  int ran = 0;
  Task first = [&] { ++ran; };
  Task second = [&] { ran += 10; };
  EXPECT_TRUE(mailbox.try_send(first));
  EXPECT_FALSE(mailbox.try_send(second));
  second();
  EXPECT_EQ(ran, 10);
  run_all(mailbox);
  EXPECT_EQ(ran, 11);
}

TEST(MailboxTest, AReservedSlotCountsAsFilledAndIsThereForTheAnswer) {
  Waker waker;
  Mailbox mailbox(waker, 2);
  int ran = 0;
  ASSERT_TRUE(mailbox.try_reserve());
  Task task = [&] { ++ran; };
  ASSERT_TRUE(mailbox.try_send(task));
  Task refused = [&] { ran += 100; };
  EXPECT_FALSE(mailbox.try_send(refused));
  EXPECT_FALSE(mailbox.try_reserve());
  mailbox.send_reserved([&] { ran += 10; });
  run_all(mailbox);
  EXPECT_EQ(ran, 11);
  EXPECT_TRUE(mailbox.try_send(refused));
}

TEST(MailboxTest, AReleasedReservationIsASlotAgain) {
  Waker waker;
  Mailbox mailbox(waker, 1);
  Task task = [] {};
  ASSERT_TRUE(mailbox.try_reserve());
  EXPECT_FALSE(mailbox.try_send(task));
  mailbox.release_reservation();
  EXPECT_TRUE(mailbox.try_send(task));
}

TEST(MailboxTest, UnreadTasksDieWithIt) {
  auto owned = std::make_shared<int>(1);
  {
    Waker waker;
    Mailbox mailbox(waker, 4);
    Task task = [owned] {};
    ASSERT_TRUE(mailbox.try_send(task));
    EXPECT_EQ(owned.use_count(), 2);
  }
  EXPECT_EQ(owned.use_count(), 1);
}

TEST(MailboxTest, ADrainIsBounded) {
  Waker waker;
  Mailbox mailbox(waker, 10);
  int ran = 0;
  for (int index = 0; index < 10; ++index) {
    Task task = [&] { ++ran; };
    ASSERT_TRUE(mailbox.try_send(task));
  }
  run_all(mailbox, 3);
  EXPECT_EQ(ran, 3);
  EXPECT_FALSE(mailbox.empty());
}

/// One side of a pair that sends requests, awaits an answer to each, and answers the other's.
class Correspondent {
 public:
  Correspondent(Mailbox& outgoing, Mailbox& incoming, Waker& waker)
      : outgoing_(outgoing), incoming_(incoming), waker_(waker) {}

  void introduce(Correspondent& other) { other_ = &other; }

  /// Until all requests are answered and the other side has asked all it wants.
  void run(std::uint64_t requests) {
    while (asked_ < requests || answered_ < answers_to(requests) || handled_ < requests) {
      if (asked_ < requests) ask();
      if (plain_sent_ < requests) send_plain();
      if (incoming_.drain(64, [](Task& task) { task(); }) > 0) continue;
      asked_ < requests ? std::this_thread::yield() : sleep();
    }
  }

  static std::uint64_t answers_to(std::uint64_t requests) {
    return requests - requests / kUnanswered;
  }
  std::uint64_t answered() const { return answered_; }
  std::uint64_t plain_received() const { return plain_received_; }
  bool in_order() const { return in_order_; }

 private:
  static constexpr std::uint64_t kUnanswered = 8;

  void ask() {
    if (!incoming_.try_reserve()) return;
    Task request = [this, other = other_, number = asked_] { other->handle(*this, number); };
    if (outgoing_.try_send(request)) {
      ++asked_;
    } else {
      incoming_.release_reservation();
    }
  }

  void send_plain() {
    Task task = [other = other_, number = plain_sent_] {
      other->in_order_ = other->in_order_ && number == other->plain_received_;
      ++other->plain_received_;
    };
    if (outgoing_.try_send(task)) ++plain_sent_;
  }

  /// One in so many requests needs no answer: its reservation is given back from this side.
  void handle(Correspondent& from, std::uint64_t number) {
    in_order_ = in_order_ && number == handled_;
    ++handled_;
    if (number % kUnanswered == kUnanswered - 1) return outgoing_.release_reservation();
    outgoing_.send_reserved([&from] { ++from.answered_; });
  }

  void sleep() {
    waker_.announce_sleep();
    if (incoming_.empty()) {
      pollfd event{.fd = waker_.fd(), .events = POLLIN, .revents = 0};
      // Bounded, because the other side may have nothing left to say.
      if (::poll(&event, 1, 10) > 0) waker_.drain();
    }
    waker_.announce_awake();
  }

  Mailbox& outgoing_;
  Mailbox& incoming_;
  Waker& waker_;
  Correspondent* other_ = nullptr;
  std::uint64_t asked_ = 0;
  std::uint64_t answered_ = 0;
  std::uint64_t handled_ = 0;
  std::uint64_t plain_sent_ = 0;
  std::uint64_t plain_received_ = 0;
  bool in_order_ = true;
};

TEST(MailboxTest, TwoThreadsAskAndAnswerOverTinyMailboxesWithoutALoss) {
  constexpr std::uint64_t kRequests = 200'000;
  for (const std::size_t capacity : {1U, 2U, 7U, 64U}) {
    Waker first_waker;
    Waker second_waker;
    Mailbox to_second(second_waker, capacity);
    Mailbox to_first(first_waker, capacity);
    Correspondent first(to_second, to_first, first_waker);
    Correspondent second(to_first, to_second, second_waker);
    first.introduce(second);
    second.introduce(first);
    const std::uint64_t requests = capacity < 4 ? kRequests / 20 : kRequests;
    std::jthread thread([&] { second.run(requests); });
    first.run(requests);
    thread.join();
    EXPECT_EQ(first.answered(), Correspondent::answers_to(requests));
    EXPECT_EQ(second.answered(), Correspondent::answers_to(requests));
    EXPECT_TRUE(first.in_order() && second.in_order());
  }
}

}  // namespace
}  // namespace carillon::net
