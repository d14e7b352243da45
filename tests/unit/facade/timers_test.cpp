#include "facade/timers.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <stdexcept>

namespace carillon::facade {
namespace {

using std::chrono::milliseconds;

class TimersTest : public testing::Test {
 protected:
  /// Ticks until the condition holds; false when a minute has passed.
  template <class Condition>
  bool run_until(Condition condition) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::minutes(1);
    while (!condition() && std::chrono::steady_clock::now() < end)
      reactor_.run_once(milliseconds(1));
    return condition();
  }
  /// Whether a timer that was started later has come: those due before it have come as well.
  bool run_past(Duration delay) {
    bool done = false;
    reactor_.after(delay, [&] { done = true; });
    return run_until([&] { return done; });
  }

  net::Reactor reactor_;
  Timers timers_{reactor_};
  int count_ = 0;
};

TEST_F(TimersTest, OnceIsOnce) {
  timers_.start(1, milliseconds(1), Duration::zero(), [this] { ++count_; });
  EXPECT_TRUE(run_past(milliseconds(50)));
  EXPECT_EQ(count_, 1);
}

TEST_F(TimersTest, EveryPeriodUntilCancelled) {
  timers_.start(1, Duration::zero(), Duration(1), [this] { ++count_; });
  EXPECT_TRUE(run_until([this] { return count_ >= 3; }));
  timers_.cancel(1);
  const int last = count_;
  EXPECT_TRUE(run_past(3 * kShortestPeriod));
  EXPECT_EQ(count_, last);
}

TEST_F(TimersTest, ATaskMayCancelItsOwnTimer) {
  timers_.start(7, Duration::zero(), kShortestPeriod, [this] {
    ++count_;
    timers_.cancel(7);
  });
  EXPECT_TRUE(run_past(3 * kShortestPeriod));
  EXPECT_EQ(count_, 1);
}

TEST_F(TimersTest, ATaskMayStartOthers) {
  timers_.start(1, Duration::zero(), Duration::zero(), [this] {
    for (std::uint64_t number = 2; number < 100; ++number) {
      timers_.start(number, Duration::zero(), Duration::zero(), [this] { ++count_; });
    }
  });
  EXPECT_TRUE(run_until([this] { return count_ == 98; }));
}

TEST_F(TimersTest, ATaskThatThrowsEndsItsTimerAlone) {
  timers_.start(1, Duration::zero(), kShortestPeriod, [this] {
    ++count_;
    throw std::runtime_error("no");
  });
  int other = 0;
  timers_.start(2, Duration::zero(), kShortestPeriod, [&] { ++other; });
  EXPECT_TRUE(run_until([&] { return other >= 3; }));
  EXPECT_EQ(count_, 1);
}

TEST_F(TimersTest, CancellingWhatIsNotThereDoesNothing) {
  timers_.cancel(1);
  timers_.start(1, milliseconds(1), Duration::zero(), [this] { ++count_; });
  EXPECT_TRUE(run_until([this] { return count_ == 1; }));
  timers_.cancel(1);
}

}  // namespace
}  // namespace carillon::facade
