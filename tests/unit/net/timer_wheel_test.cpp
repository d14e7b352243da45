#include "net/timer_wheel.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <memory>
#include <random>
#include <vector>

#include "net/limits.hpp"

namespace carillon::net {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

constexpr TimePoint kStart{1h};

class Timer final : public TimerNode {
 public:
  explicit Timer(std::function<void()> action = {}) : action_(std::move(action)) {}
  int fired = 0;

 private:
  void on_time() override {
    ++fired;
    if (action_) action_();
  }
  std::function<void()> action_;
};

TEST(TimerWheelTest, NothingFiresEarlyAndNothingMoreThanATickLate) {
  TimerWheel wheel(kStart);
  TimePoint now = kStart;  // moves on, so that each meets the wheel in another phase of its turns
  const Duration delays[] = {1ns, 1ms, 10ms, 15ms, 630ms, 640ms, 645ms, 41s, 44min, 47h, 125 * 24h};
  for (const Duration delay : delays) {
    Timer timer;
    wheel.set(timer, now + delay);
    wheel.advance(now + delay - 1ns);
    EXPECT_EQ(timer.fired, 0) << delay.count();
    now += delay + limits::kTimerTick;
    wheel.advance(now);
    EXPECT_EQ(timer.fired, 1) << delay.count();
    EXPECT_FALSE(timer.waiting());
  }
}

TEST(TimerWheelTest, AMomentInThePastFiresInTheNextTick) {
  TimerWheel wheel(kStart);
  wheel.advance(kStart + 1min);
  Timer timer;
  wheel.set(timer, kStart);
  EXPECT_EQ(timer.fired, 0);
  wheel.advance(kStart + 1min + limits::kTimerTick);
  EXPECT_EQ(timer.fired, 1);
}

TEST(TimerWheelTest, AJumpOverYearsFiresAllInOrder) {
  TimerWheel wheel(kStart);
  std::vector<int> order;
  Timer second([&] { order.push_back(2); });
  Timer third([&] { order.push_back(3); });
  Timer first([&] { order.push_back(1); });
  wheel.set(third, kStart + 24h * 365);
  wheel.set(first, kStart + 20ms);
  wheel.set(second, kStart + 5min);
  wheel.advance(kStart + 24h * 365 * 3);
  EXPECT_THAT(order, ElementsAre(1, 2, 3));
  EXPECT_FALSE(wheel.next_due());
}

TEST(TimerWheelTest, TheFarthestMomentWaitsAndCostsNothing) {
  TimerWheel wheel(kStart);
  Timer timer;
  wheel.set(timer, TimePoint::max());
  wheel.advance(kStart + 24h * 365 * 100);
  EXPECT_EQ(timer.fired, 0);
  EXPECT_TRUE(timer.waiting());
}

TEST(TimerWheelTest, ANewMomentReplacesTheOld) {
  TimerWheel wheel(kStart);
  Timer timer;
  wheel.set(timer, kStart + 1s);
  wheel.set(timer, kStart + 3s);
  wheel.advance(kStart + 2s);
  EXPECT_EQ(timer.fired, 0);
  wheel.advance(kStart + 4s);
  EXPECT_EQ(timer.fired, 1);
}

TEST(TimerWheelTest, CancelledAndDestroyedNodesDoNotFire) {
  TimerWheel wheel(kStart);
  Timer cancelled;
  wheel.set(cancelled, kStart + 1s);
  wheel.cancel(cancelled);
  wheel.cancel(cancelled);
  {
    Timer destroyed;
    wheel.set(destroyed, kStart + 1s);
  }
  EXPECT_FALSE(wheel.next_due());
  wheel.advance(kStart + 1h);
  EXPECT_EQ(cancelled.fired, 0);
}

TEST(TimerWheelTest, ACallbackMayCancelDestroyAndSetAnyNode) {
  TimerWheel wheel(kStart);
  auto destroyed = std::make_unique<Timer>();
  Timer cancelled;
  Timer later;
  Timer first([&] {
    destroyed.reset();
    wheel.cancel(cancelled);
    wheel.set(first, kStart);  // in the past: not before the next advance
    wheel.set(later, kStart + 2s);
  });
  wheel.set(first, kStart + 1s);
  wheel.set(*destroyed, kStart + 1s);
  wheel.set(cancelled, kStart + 1s);
  wheel.advance(kStart + 10s);
  EXPECT_EQ(first.fired, 1);
  EXPECT_EQ(cancelled.fired, 0);
  EXPECT_EQ(later.fired, 0);
  wheel.cancel(first);
  wheel.advance(kStart + 10s + limits::kTimerTick);
  EXPECT_EQ(later.fired, 1);
}

TEST(TimerWheelTest, ANodeMayDestroyItself) {
  TimerWheel wheel(kStart);
  std::unique_ptr<Timer> timer;
  timer = std::make_unique<Timer>([&] { timer.reset(); });
  wheel.set(*timer, kStart + 1s);
  wheel.advance(kStart + 2s);
  EXPECT_EQ(timer, nullptr);
}

TEST(TimerWheelTest, NodesOutliveTheirWheel) {
  Timer timer;
  {
    TimerWheel wheel(kStart);
    wheel.set(timer, kStart + 1s);
  }
  EXPECT_FALSE(timer.waiting());
}

TEST(TimerWheelTest, NextDueIsNeverLaterThanTheNextMomentAndLeadsToIt) {
  TimerWheel wheel(kStart);
  Timer timer;
  wheel.set(timer, kStart + 3h);
  int steps = 0;
  for (; timer.fired == 0 && steps < 10; ++steps) {
    const auto due = wheel.next_due();
    ASSERT_TRUE(due);
    EXPECT_LE(*due, kStart + 3h);
    wheel.advance(*due);
  }
  EXPECT_EQ(timer.fired, 1);
  EXPECT_LE(steps, 5);
}

/// Random sets, cancels and jumps against a sorted map.
class Model {
 public:
  explicit Model(unsigned seed) : random_(seed) {
    for (std::size_t index = 0; index < kTimers; ++index) {
      timers_.push_back(std::make_unique<Timer>([this, index] { fire(index); }));
    }
  }

  void step() {
    const std::size_t index = random_() % kTimers;
    switch (random_() % 4) {
      case 0:
      case 1: {
        const TimePoint due = now_ + any_duration();
        wheel_.set(*timers_[index], due);
        due_[index] = due;
        break;
      }
      case 2:
        wheel_.cancel(*timers_[index]);
        due_.erase(index);
        break;
      default:
        advance();
        break;
    }
  }

 private:
  static constexpr std::size_t kTimers = 50;

  /// From nanoseconds to a year, each order of magnitude alike.
  Duration any_duration() {
    const unsigned bits = static_cast<unsigned>(random_() % 55);
    return Duration(static_cast<std::int64_t>(random_() & ((std::uint64_t{1} << bits) - 1)));
  }

  void advance() {
    now_ += any_duration();
    wheel_.advance(now_);
    for (const auto& [index, due] : due_) {
      ASSERT_GT(due, now_ - limits::kTimerTick) << "missed its time";
    }
    const auto next = wheel_.next_due();
    ASSERT_EQ(next.has_value(), !due_.empty());
  }

  void fire(std::size_t index) {
    const auto found = due_.find(index);
    ASSERT_NE(found, due_.end()) << "fired without being set";
    ASSERT_LE(found->second, now_) << "fired early";
    due_.erase(found);
  }

  std::mt19937_64 random_;
  TimePoint now_ = kStart;
  TimerWheel wheel_{kStart};
  std::vector<std::unique_ptr<Timer>> timers_;
  std::map<std::size_t, TimePoint> due_;
};

TEST(TimerWheelTest, BehavesLikeASortedMap) {
  for (unsigned seed = 1; seed <= 20; ++seed) {
    Model model(seed);
    for (int step = 0; step < 5000 && !testing::Test::HasFatalFailure(); ++step) model.step();
  }
}

}  // namespace
}  // namespace carillon::net
