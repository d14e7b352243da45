#include "net/signals.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <vector>

#include "net_support.hpp"

namespace carillon::net {
namespace {

TEST(SignalsTest, AreHeardAsEventsOfTheReactor) {
  sigset_t before;
  ::pthread_sigmask(SIG_SETMASK, nullptr, &before);
  prepare_signals();
  {
    Reactor reactor;
    std::vector<int> heard;
    const SignalWatch watch(reactor, [&](int signal) { heard.push_back(signal); });
    ::kill(::getpid(), SIGHUP);
    ::kill(::getpid(), SIGTERM);
    ::kill(::getpid(), SIGPIPE);  // ignored
    ASSERT_TRUE(test::run_until(reactor, [&] { return heard.size() == 2; }));
    EXPECT_THAT(heard, testing::UnorderedElementsAre(SIGHUP, SIGTERM));
  }
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

}  // namespace
}  // namespace carillon::net
