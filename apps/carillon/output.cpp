#include "apps/carillon/output.hpp"

#include <poll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <csignal>
#include <system_error>

namespace carillon::app {
namespace {

/// A pipe that polls writable has room for so many octets, so such a write never blocks.
constexpr std::size_t kPieceBytes = PIPE_BUF;

net::UniqueFd ending_signals() {
  sigset_t set;
  ::sigemptyset(&set);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) ::sigaddset(&set, signal);
  return net::UniqueFd(::signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC));
}

}  // namespace

Output::Output(int fd) : fd_(fd), signals_(ending_signals()) {}

void Output::add_line(Bytes line) {
  if (state_ != State::Open) return;
  pending_.append(line).push_back('\n');
}

Output::State Output::flush() {
  std::size_t written = 0;
  while (state_ == State::Open && written < pending_.size()) {
    if (!wait_until_writable()) break;
    const std::size_t size = std::min(kPieceBytes, pending_.size() - written);
    const ssize_t count = ::write(fd_, pending_.data() + written, size);
    if (count >= 0) {
      written += static_cast<std::size_t>(count);
    } else if (errno == EPIPE) {
      state_ = State::Closed;
    } else if (errno != EINTR && errno != EAGAIN) {
      state_ = State::Failed;
      failure_ = std::generic_category().message(errno);
    }
  }
  pending_.clear();
  return state_;
}

/// False when the state has changed instead.
bool Output::wait_until_writable() {
  std::array<pollfd, 2> waiting{{{.fd = fd_, .events = POLLOUT, .revents = 0},
                                 {.fd = signals_.get(), .events = POLLIN, .revents = 0}}};
  while (::poll(waiting.data(), waiting.size(), -1) < 0 && errno == EINTR) {
  }
  if (waiting[0].revents == 0 && waiting[1].revents != 0) state_ = State::Interrupted;
  return state_ == State::Open;
}

}  // namespace carillon::app
