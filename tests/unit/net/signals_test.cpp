#include "net/signals.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <stdexcept>
#include <vector>

#include "net_support.hpp"

namespace carillon::net {
namespace {

TEST(SignalsTest, AreHeardAsEventsOfTheReactor) {
  {
    const PreparedSignals prepared;
    Reactor reactor;
    std::vector<int> heard;
    const SignalWatch watch(reactor, [&](int signal) { heard.push_back(signal); });
    ::kill(::getpid(), SIGHUP);
    ::kill(::getpid(), SIGTERM);
    ::kill(::getpid(), SIGPIPE);  // ignored
    ASSERT_TRUE(test::run_until(reactor, [&] { return heard.size() == 2; }));
    EXPECT_THAT(heard, testing::UnorderedElementsAre(SIGHUP, SIGTERM));
    ::kill(::getpid(), SIGTERM);  // too late: it must not end the test
  }
  sigset_t after;
  ::pthread_sigmask(SIG_SETMASK, nullptr, &after);
  EXPECT_FALSE(::sigismember(&after, SIGTERM)) << "they are the program's own again";
  struct sigaction pipe{};
  ::sigaction(SIGPIPE, nullptr, &pipe);
  EXPECT_EQ(pipe.sa_handler, SIG_DFL);
}

TEST(SignalsTest, HaveOneOwnerAtATime) {
  {
    const PreparedSignals prepared;
    EXPECT_THROW(PreparedSignals(), std::logic_error);
    EXPECT_THROW(PreparedSignals(), std::logic_error) << "the refused one has freed nothing";
  }
  EXPECT_NO_THROW(PreparedSignals());
}

}  // namespace
}  // namespace carillon::net
