// Signals as events of one reactor, so that no code runs inside a signal handler.
#pragma once

#include <csignal>
#include <cstdint>
#include <functional>

#include "core/slot_table.hpp"
#include "net/reactor.hpp"
#include "net/unique_fd.hpp"

namespace carillon::net {

/// As long as it lives, SIGTERM, SIGINT and SIGHUP are blocked in this thread and all it starts,
/// and SIGPIPE and SIGXFSZ are ignored, so that what is too long for a file's limit is an error of
/// the write. Those of the first three that nobody has read by its end go with it.
/// Thread: main, before any other exists; it goes on the same one.
class PreparedSignals {
 public:
  /// Throws std::logic_error where there is another: each signal is heard once, by one of them.
  PreparedSignals();
  PreparedSignals(const PreparedSignals&) = delete;
  PreparedSignals& operator=(const PreparedSignals&) = delete;
  ~PreparedSignals();

 private:
  sigset_t mask_before_{};
  struct sigaction pipe_before_{};
  struct sigaction file_size_before_{};
};

/// Thread:   its reactor's own (before `run`: the one that made it).
/// Lifetime: the reactor outlives it.
class SignalWatch final : private EventSource {
 public:
  /// `on_signal` gets SIGTERM, SIGINT or SIGHUP. Throws std::system_error: start-up only.
  SignalWatch(Reactor& reactor, std::function<void(int)> on_signal);
  ~SignalWatch() override;

 private:
  void on_ready(std::uint32_t events) override;

  Reactor& reactor_;
  std::function<void(int)> on_signal_;
  UniqueFd signals_;
  Handle watch_;
};

}  // namespace carillon::net
