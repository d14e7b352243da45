#include "net/signals.hpp"

#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace carillon::net {
namespace {

sigset_t watched_signals() {
  sigset_t set;
  ::sigemptyset(&set);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) ::sigaddset(&set, signal);
  return set;
}

/// Signals are the process's, so whether they have an owner is too.
std::atomic<bool> are_owned{false};

}  // namespace

PreparedSignals::PreparedSignals() {
  if (are_owned.exchange(true)) {
    throw std::logic_error("SIGTERM, SIGINT and SIGHUP are heard by another server already");
  }
  const sigset_t set = watched_signals();
  ::pthread_sigmask(SIG_BLOCK, &set, &mask_before_);
  struct sigaction ignore{};
  ignore.sa_handler = SIG_IGN;
  ::sigaction(SIGPIPE, &ignore, &pipe_before_);
  ::sigaction(SIGXFSZ, &ignore, &file_size_before_);
}

PreparedSignals::~PreparedSignals() {
  ::sigaction(SIGPIPE, &pipe_before_, nullptr);
  ::sigaction(SIGXFSZ, &file_size_before_, nullptr);
  // One that came when the end had begun was for us, and must not end who goes on.
  const sigset_t set = watched_signals();
  const timespec at_once{};
  while (::sigtimedwait(&set, nullptr, &at_once) > 0) {
  }
  ::pthread_sigmask(SIG_SETMASK, &mask_before_, nullptr);
  are_owned.store(false);
}

SignalWatch::SignalWatch(Reactor& reactor, std::function<void(int)> on_signal)
    : reactor_(reactor), on_signal_(std::move(on_signal)) {
  const sigset_t set = watched_signals();
  signals_.reset(::signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC));
  if (signals_) watch_ = reactor_.watch(signals_.get(), EPOLLIN, *this);
  if (!watch_) throw std::system_error(errno, std::generic_category(), "signalfd");
}

SignalWatch::~SignalWatch() {
  reactor_.unwatch(watch_);
}

void SignalWatch::on_ready(std::uint32_t /*events*/) {
  signalfd_siginfo info{};
  if (::read(signals_.get(), &info, sizeof info) != sizeof info) return;
  on_signal_(static_cast<int>(info.ssi_signo));  // level-triggered: the next one calls again
}

}  // namespace carillon::net
