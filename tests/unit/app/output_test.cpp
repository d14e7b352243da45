#include "apps/carillon/output.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <pthread.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <string>

namespace carillon::app {
namespace {

struct Pipe {
  Pipe() {
    std::signal(SIGPIPE, SIG_IGN);
    int ends[2] = {-1, -1};
    EXPECT_EQ(::pipe(ends), 0);
    out.reset(ends[0]);
    in.reset(ends[1]);
  }
  std::string read() const {
    std::array<char, 4096> buffer;
    const auto count = ::read(out.get(), buffer.data(), buffer.size());
    return count > 0 ? std::string(buffer.data(), static_cast<std::size_t>(count)) : "";
  }
  net::UniqueFd out;
  net::UniqueFd in;
};

TEST(OutputTest, WritesWhatWasGatheredAtAFlush) {
  Pipe pipe;
  Output output(pipe.in.get());
  output.add_line("one");
  output.add_line("two");
  EXPECT_EQ(output.pending_bytes(), 8U);
  EXPECT_EQ(output.flush(), Output::State::Open);
  EXPECT_EQ(output.pending_bytes(), 0U);
  EXPECT_EQ(pipe.read(), "one\ntwo\n");
}

TEST(OutputTest, NoticesThatNobodyReads) {
  Pipe pipe;
  Output output(pipe.in.get());
  pipe.out.reset();
  output.add_line("one");
  EXPECT_EQ(output.flush(), Output::State::Closed);
  output.add_line("two");
  EXPECT_EQ(output.pending_bytes(), 0U);
  EXPECT_EQ(output.flush(), Output::State::Closed);
}

TEST(OutputTest, TellsAFullDisk) {
  const net::UniqueFd full(::open("/dev/full", O_WRONLY | O_CLOEXEC));
  Output output(full.get());
  output.add_line("one");
  EXPECT_EQ(output.flush(), Output::State::Failed);
  EXPECT_EQ(output.failure(), "No space left on device");
}

TEST(OutputTest, StopsWaitingForItsReaderWhenASignalWaits) {
  Pipe pipe;
  sigset_t term;
  ::sigemptyset(&term);
  ::sigaddset(&term, SIGTERM);
  ::pthread_sigmask(SIG_BLOCK, &term, nullptr);
  Output output(pipe.in.get());
  ::raise(SIGTERM);
  output.add_line(std::string(1 << 20, 'x'));  // more than a pipe holds
  EXPECT_EQ(output.flush(), Output::State::Interrupted);
  int taken = 0;
  EXPECT_EQ(::sigwait(&term, &taken), 0);
  ::pthread_sigmask(SIG_UNBLOCK, &term, nullptr);
}

}  // namespace
}  // namespace carillon::app
