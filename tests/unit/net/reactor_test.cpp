#include "net/reactor.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>
#include <thread>
#include <vector>

#include "net_support.hpp"

namespace carillon::net {
namespace {

using namespace std::chrono_literals;
using test::Client;
using test::Heard;
using test::recording;
using test::run_until;
using test::tcp_pair;
using test::unix_pair;
using testing::ElementsAre;

TEST(ReactorTest, RunsWhatWasPostedBeforeAndWhileItRuns) {
  Reactor reactor;
  std::vector<int> order;
  EXPECT_TRUE(reactor.post([&] { order.push_back(1); }));
  EXPECT_TRUE(reactor.post([&] {
    order.push_back(2);
    EXPECT_TRUE(reactor.post([&] {
      order.push_back(3);
      reactor.stop();
    }));
  }));
  reactor.run();
  EXPECT_THAT(order, ElementsAre(1, 2, 3));
}

TEST(ReactorTest, ManyThreadsPostAndASleeperAlwaysWakes) {
  constexpr int kThreads = 4;
  constexpr int kPosts = 20'000;
  Reactor reactor;
  std::atomic<int> ran{0};
  std::jthread runner([&] { reactor.run(); });
  {
    std::vector<std::jthread> threads;
    for (int thread = 0; thread < kThreads; ++thread) {
      threads.emplace_back([&] {
        for (int index = 0; index < kPosts; ++index) {
          while (!reactor.post([&] { ++ran; })) std::this_thread::yield();
          // Now and then wait until it has nothing to do, so that it goes to sleep.
          if (index % 100 == 0) {
            std::atomic<bool> heard{false};
            while (!reactor.post([&] {
              heard = true;
              heard.notify_one();
            })) {
              std::this_thread::yield();
            }
            heard.wait(false);
          }
        }
      });
    }
  }
  ASSERT_TRUE(reactor.post([&] { reactor.stop(); }));
  runner.join();
  EXPECT_EQ(ran, kThreads * kPosts);
}

TEST(ReactorTest, TheControlQueueIsBounded) {
  Reactor reactor;
  int ran = 0;
  for (std::size_t index = 0; index < limits::kPostedTasks; ++index) {
    ASSERT_TRUE(reactor.post([&] { ++ran; }));
  }
  EXPECT_FALSE(reactor.post([] {}));
  reactor.run_once(0ms);
  EXPECT_EQ(ran, static_cast<int>(limits::kPostedTasks));
  EXPECT_TRUE(reactor.post([] {}));
}

TEST(ReactorTest, AStoppedReactorTakesNoMoreTasks) {
  Reactor reactor;
  reactor.stop();
  reactor.run();
  EXPECT_FALSE(reactor.post([] {}));
}

TEST(ReactorTest, WhatWasPostedBeforeTheStopStillRuns) {
  Reactor reactor;
  bool ran = false;
  reactor.post([&] { ran = true; });
  reactor.stop();
  reactor.run();
  EXPECT_TRUE(ran);
}

TEST(ReactorTest, TasksThatNeverRunAreDestroyed) {
  auto owned = std::make_shared<int>(0);
  {
    Reactor reactor;
    reactor.post([owned] {});
    reactor.defer([owned] {});
    reactor.after(1h, [owned] {});
  }
  EXPECT_EQ(owned.use_count(), 1);
}

TEST(ReactorTest, ATaskThatThrowsIsCaughtAndCounted) {
  Reactor reactor;
  bool ran = false;
  reactor.post([] { throw std::runtime_error("on purpose"); });
  reactor.post([] { throw 42; });
  reactor.post([&] { ran = true; });
  reactor.run_once(0ms);
  EXPECT_TRUE(ran);
  EXPECT_EQ(reactor.probe().exceptions_caught, 2U);
}

TEST(ReactorTest, TimersRunInOrderAndCanBeCancelled) {
  Reactor reactor;
  std::vector<int> order;
  reactor.after(40ms, [&] { order.push_back(2); });
  reactor.after(10ms, [&] { order.push_back(1); });
  const TimerId cancelled = reactor.after(20ms, [&] { order.push_back(99); });
  reactor.cancel(cancelled);
  reactor.cancel(cancelled);
  ASSERT_TRUE(run_until(reactor, [&] { return order.size() == 2; }));
  EXPECT_THAT(order, ElementsAre(1, 2));
}

TEST(ReactorTest, ATimerMayCancelItselfAndMakeAnother) {
  Reactor reactor;
  int ran = 0;
  TimerId self;
  self = reactor.after(0ms, [&] {
    reactor.cancel(self);
    reactor.after(0ms, [&] { ++ran; });
  });
  ASSERT_TRUE(run_until(reactor, [&] { return ran == 1; }));
}

TEST(ReactorTest, WhatACancelledTimerOwnsMayComeBackToTheReactor) {
  struct ComesBack {
    explicit ComesBack(Reactor& owner) : reactor(owner) {}
    ~ComesBack() { reactor.cancel(timer); }
    Reactor& reactor;
    TimerId timer;
  };
  Reactor reactor;
  auto guest = std::make_shared<ComesBack>(reactor);
  guest->timer = reactor.after(1h, [guest] {});
  const TimerId timer = guest->timer;
  guest.reset();
  reactor.cancel(timer);
  bool ran = false;
  reactor.after(0ms, [&] { ran = true; });
  EXPECT_TRUE(run_until(reactor, [&] { return ran; }));
}

TEST(ReactorTest, DeferredTasksRunAtTheEndOfTheTickAndTheirsInTheNext) {
  Reactor reactor;
  std::vector<int> order;
  reactor.post([&] {
    reactor.defer([&] {
      order.push_back(2);
      reactor.defer([&] { order.push_back(3); });
    });
    order.push_back(1);
  });
  reactor.run_once(0ms);
  EXPECT_THAT(order, ElementsAre(1, 2));
  reactor.run_once(1h);  // does not sleep while something is deferred
  EXPECT_THAT(order, ElementsAre(1, 2, 3));
}

class CountingHook final : public TickHook {
 public:
  explicit CountingHook(int more) : more_(more) {}
  bool on_tick_end() override { return ++calls < more_; }
  int calls = 0;

 private:
  int more_;
};

TEST(ReactorTest, AHookWithMoreToDoIsCalledAgainWithoutAWait) {
  Reactor reactor;
  CountingHook hook(5);
  reactor.add_tick_hook(hook);
  for (int tick = 0; tick < 5; ++tick) reactor.run_once(tick == 0 ? Duration(0ms) : Duration(1h));
  EXPECT_EQ(hook.calls, 5);
}

TEST(ReactorTest, SocketsAreServedWhileAHookAlwaysHasMore) {
  test::OneStream one(tcp_pair());
  CountingHook hook(1'000'000'000);
  one.reactor.add_tick_hook(hook);
  one.client.write("hello");
  ASSERT_TRUE(one.run_until([&] { return one.heard.bytes == "hello"; }));
}

TEST(ReactorTest, AHookMayRemoveItselfInItsCall) {
  class Once final : public TickHook {
   public:
    explicit Once(Reactor& owner) : reactor(owner) {}
    bool on_tick_end() override {
      ++calls;
      reactor.remove_tick_hook(*this);
      return true;
    }
    Reactor& reactor;
    int calls = 0;
  };
  Reactor reactor;
  Once once(reactor);
  CountingHook other(1);
  reactor.add_tick_hook(once);
  reactor.add_tick_hook(other);
  for (int tick = 0; tick < 3; ++tick) reactor.run_once(0ms);
  EXPECT_EQ(once.calls, 1);
  EXPECT_EQ(other.calls, 3);
}

TEST(ReactorTest, WhatAHookSendsLeavesInTheSameTick) {
  class Sender final : public TickHook {
   public:
    explicit Sender(test::OneStream& target) : one(target) {}
    bool on_tick_end() override {
      if (one.heard.bytes == "go") one.stream().send(Bytes("!"));
      return false;
    }
    test::OneStream& one;
  };
  test::OneStream one(tcp_pair());
  Sender sender(one);
  one.reactor.add_tick_hook(sender);
  one.client.write("go");
  ASSERT_TRUE(one.run_until([&] { return one.heard.bytes == "go"; }));
  EXPECT_GE(one.reactor.probe().sends, 1U);
}

TEST(ReactorTest, TheWallClockStandsStillInATick) {
  Reactor reactor;
  reactor.run_once(0ms);
  const Timestamp first = reactor.wall_clock();
  EXPECT_EQ(reactor.wall_clock(), first);
  EXPECT_GT(first.microseconds, 1'600'000'000'000'000);
  ASSERT_TRUE(run_until(reactor, [&] { return reactor.wall_clock() > first; }));
}

TEST(ReactorTest, AHandleFindsNothingOnceItsSlotIsReused) {
  Reactor reactor;
  Heard heard;
  auto first_pair = tcp_pair();
  const Handle first = reactor.adopt(std::move(first_pair.ours), {}, recording(heard));
  reactor.find(first)->abort();
  reactor.run_once(0ms);
  auto second_pair = tcp_pair();
  const Handle second = reactor.adopt(std::move(second_pair.ours), {}, recording(heard));
  EXPECT_EQ(second.slot, first.slot);
  EXPECT_EQ(reactor.find(first), nullptr);
  EXPECT_NE(reactor.find(second), nullptr);
}

TEST(ReactorTest, AFactoryMayRefuseThrowOrCloseWhatItGets) {
  Reactor reactor;
  Heard heard;
  auto refused = tcp_pair();
  EXPECT_FALSE(reactor.adopt(std::move(refused.ours), {}, [](Stream&) { return nullptr; }));
  auto thrown = tcp_pair();
  EXPECT_FALSE(reactor.adopt(
      std::move(thrown.ours), {},
      [](Stream&) -> std::unique_ptr<StreamHandler> { throw std::runtime_error("on purpose"); }));
  auto closed = tcp_pair();
  const Handle handle = reactor.adopt(std::move(closed.ours), {}, [&](Stream& stream) {
    stream.send(Bytes("go away"));
    stream.close();
    return recording(heard);
  });
  EXPECT_EQ(reactor.find(handle), nullptr);
  Client client(std::move(closed.theirs));
  ASSERT_TRUE(run_until(reactor, [&] {
    client.read_some();
    return client.ended();
  }));
  EXPECT_EQ(client.received(), "go away");
  EXPECT_EQ(heard.destroyed, 1);
  client.close();
  EXPECT_TRUE(run_until(reactor, [&] { return reactor.stream_count() == 0; }));
}

TEST(ReactorTest, OpenStreamsAreToldOfTheEndAndWhatTheyHadToSayLeaves) {
  Heard heard;
  auto pair = tcp_pair();
  Client client(std::move(pair.theirs));
  {
    Reactor reactor;
    const Handle handle = reactor.adopt(std::move(pair.ours), {}, recording(heard));
    reactor.post([&, handle] {
      reactor.find(handle)->send(Bytes("closing"));
      reactor.stop();
    });
    reactor.run();
    EXPECT_EQ(heard.closed, CloseCause::Shutdown);
    EXPECT_EQ(heard.destroyed, 1);
    auto late = tcp_pair();
    EXPECT_FALSE(reactor.adopt(std::move(late.ours), {}, recording(heard)));
  }
  client.read_some();
  EXPECT_EQ(client.received(), "closing");
}

TEST(ReactorTest, DestructorsOfHandlersMayCloseOtherStreams) {
  Reactor reactor;
  Heard heard[3];
  Handle handles[3];
  std::vector<UniqueFd> others;
  for (int index = 0; index < 3; ++index) {
    auto pair = tcp_pair();
    others.push_back(std::move(pair.theirs));
    handles[index] = reactor.adopt(std::move(pair.ours), {},
                                   recording(heard[index], {.on_destroyed = [&, index] {
                                               if (index == 2) return;
                                               Stream* next = reactor.find(handles[index + 1]);
                                               if (next != nullptr) next->abort();
                                             }}));
  }
  reactor.find(handles[0])->abort();
  reactor.run_once(0ms);
  EXPECT_EQ(reactor.stream_count(), 0U);
  EXPECT_EQ(heard[2].destroyed, 1);
}

TEST(ReactorTest, VisitsOpenStreamsOnly) {
  Reactor reactor;
  Heard heard;
  std::vector<UniqueFd> others;
  std::vector<Handle> handles;
  for (int index = 0; index < 3; ++index) {
    auto pair = unix_pair();
    others.push_back(std::move(pair.theirs));
    handles.push_back(reactor.adopt(std::move(pair.ours), {}, recording(heard)));
  }
  reactor.find(handles[1])->close();
  std::vector<Handle> visited;
  reactor.for_each_stream([&](Stream& stream) {
    visited.push_back(stream.handle());
    stream.abort();
  });
  EXPECT_THAT(visited, ElementsAre(handles[0], handles[2]));
  EXPECT_EQ(reactor.stream_count(), 1U);
}

}  // namespace
}  // namespace carillon::net
