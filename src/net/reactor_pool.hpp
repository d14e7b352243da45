// N reactors on N threads, and the mailboxes between them.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <thread>
#include <vector>

#include "net/address.hpp"
#include "net/mailbox.hpp"
#include "net/reactor.hpp"
#include "net/stream_handler.hpp"
#include "net/unique_fd.hpp"

namespace carillon::net {

/// Thread:   `start`, `stop` and `join` belong to the thread that made it; `place` to the reactor
/// named. Lifetime: stopped and joined when it goes.
class ReactorPool {
 public:
  /// `options.index` is set by the pool. Throws std::system_error: start-up only.
  explicit ReactorPool(std::size_t reactor_count, const ReactorOptions& options = {});
  ReactorPool(const ReactorPool&) = delete;
  ReactorPool& operator=(const ReactorPool&) = delete;
  ~ReactorPool();

  std::size_t size() const { return reactors_.size(); }
  Reactor& reactor(std::size_t index) { return *reactors_[index]; }

  /// Starts a thread for each; a pool is started once.
  void start();
  /// Tells all to stop; quiet when they have.
  void stop();
  void join();

  /// Gives an accepted socket a home: the accepting reactor, or by its mailbox the one that has the
  /// fewest connections when these are fewer by more than a quarter (and a few).
  /// Thread: `accepted_on`'s.
  void place(Reactor& accepted_on, UniqueFd socket, const PeerAddress& peer,
             std::shared_ptr<const HandlerFactory> factory);

  /// Connections of one reactor, those on their way to it included; those that ended count until
  /// its tick is over. Any thread.
  std::size_t connection_count(std::size_t index) const;

 private:
  struct alignas(64) Load {
    std::atomic<std::size_t> connections{0};  // written by its reactor only, at each change
    std::atomic<std::size_t> arriving{0};     // handed over, not adopted yet
  };
  class LoadReporter;

  std::size_t home_for(const Reactor& accepting) const;
  void adopt(Reactor& home, UniqueFd socket, const PeerAddress& peer,
             const HandlerFactory& factory);

  std::vector<std::unique_ptr<Reactor>> reactors_;
  std::vector<std::unique_ptr<Mailbox>> mailboxes_;
  std::unique_ptr<Load[]> loads_;
  std::vector<std::unique_ptr<LoadReporter>> reporters_;
  std::vector<std::jthread> threads_;
};

}  // namespace carillon::net
