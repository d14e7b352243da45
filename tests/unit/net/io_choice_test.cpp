#include "net/io_choice.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <spdlog/sinks/ostream_sink.h>
#include <sys/syscall.h>

#include <memory>
#include <sstream>
#include <string>
#include <thread>

#include "core/log.hpp"
#include "io_backends.hpp"
#include "tests/support/seccomp.hpp"

namespace carillon::net {
namespace {

using testing::AllOf;
using testing::HasSubstr;

/// What the log says while it lives.
class Log {
 public:
  Log() {
    auto sink = std::make_shared<spdlog::sinks::ostream_sink_mt>(text_);
    auto logger = std::make_shared<spdlog::logger>("test", std::move(sink));
    logger->set_pattern("%l %v");
    spdlog::set_default_logger(std::move(logger));
  }
  ~Log() { spdlog::set_default_logger(before_); }
  std::string text() const { return text_.str(); }

 private:
  std::ostringstream text_;
  std::shared_ptr<spdlog::logger> before_ = spdlog::default_logger();
};

/// Of two reactors, each on a thread of its own where io_uring is forbidden.
std::string log_where_forbidden(IoChoice choice) {
  const Log log;
  const IoBatchFactory make = io_batch_factory(choice);
  for (int reactor = 0; reactor < 2; ++reactor) {
    std::jthread([&make] {
      ASSERT_TRUE(carillon::test::refuse_system_call(SYS_io_uring_setup));
      EXPECT_EQ(make()->name(), "epoll");
    }).join();
  }
  return log.text();
}

TEST(IoChoiceTest, TheLoopIsTakenWhereItIsWanted) {
  const Log log;
  EXPECT_EQ(io_batch_factory(IoChoice::Epoll)()->name(), "epoll");
  EXPECT_EQ(log.text(), "info I/O backend: epoll, as configured\n");
}

TEST(IoChoiceTest, TheRingIsTakenWhereItCanBe) {
  if (!test::ring_is_here()) return;
  for (const IoChoice choice : {IoChoice::Auto, IoChoice::Uring}) {
    const Log log;
    const IoBatchFactory make = io_batch_factory(choice);
    EXPECT_EQ(make()->name(), "uring");
    EXPECT_EQ(make()->name(), "uring");
    EXPECT_EQ(log.text(), "info I/O backend: uring\n") << "once for all reactors";
  }
}

TEST(IoChoiceTest, AFallbackIsToldOnceWithItsReason) {
  const std::string text = log_where_forbidden(IoChoice::Auto);
  EXPECT_THAT(text, AllOf(HasSubstr("info I/O backend: epoll, as io_uring cannot be used: "),
                          HasSubstr("Operation not permitted")));
  EXPECT_EQ(std::ranges::count(text, '\n'), 1);
}

TEST(IoChoiceTest, AFallbackFromWhatWasAskedForIsAWarning) {
  EXPECT_THAT(log_where_forbidden(IoChoice::Uring), HasSubstr("warning I/O backend: epoll"));
}

}  // namespace
}  // namespace carillon::net
