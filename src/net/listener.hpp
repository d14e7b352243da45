// Accepts connections on one reactor, and keeps serving when descriptors run out.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "core/slot_table.hpp"
#include "core/time.hpp"
#include "net/address.hpp"
#include "net/listen_socket.hpp"
#include "net/reactor.hpp"
#include "net/timer_wheel.hpp"
#include "net/unique_fd.hpp"

namespace carillon::net {

/// What became of an accepted socket.
enum class Reception : std::uint8_t {
  Taken,
  NoDescriptor,  // the process has none left for it
  Full,          // more are not wanted
  Limited,       // more of that peer, or so soon, are not
};

/// Gets each accepted socket (non-blocking, TCP_NODELAY) on the accepting reactor's thread, and
/// moves it away when it is taken. What it leaves is refused.
using AcceptHandler =
    std::function<Reception(Reactor& reactor, UniqueFd&& socket, PeerAddress peer)>;

struct ListenerOptions {
  /// Written to a peer that is refused, e.g. a short HTTP 503; may be empty.
  std::string refusal = {};
  /// The same for one that is Limited.
  std::string limited_refusal = {};
};

/// Thread:   its reactor's own (before `run`: the one that made it).
/// Lifetime: the reactor outlives it.
class Listener final : private EventSource, private TimerNode {
 public:
  /// Starts accepting. Throws std::system_error when the kernel cannot watch it: start-up only.
  Listener(Reactor& reactor, std::shared_ptr<const ListenSocket> socket, AcceptHandler on_accept,
           ListenerOptions options = {});
  ~Listener() override;

  const Address& address() const { return address_; }
  bool accepting() const { return accepting_; }
  /// Takes what waits in the kernel's queue, then gives the socket up. Idempotent.
  void stop_accepting();

 private:
  enum class Outcome { Accepted, QueueEmpty, Ignored, NoDescriptor };

  void on_ready(std::uint32_t events) override;
  void on_time() override;  // the rest is over
  bool watch();
  Outcome accept_one();
  bool refuse_one();
  void count_refusal(Reception why);
  void rest();

  Reactor& reactor_;
  std::shared_ptr<const ListenSocket> socket_;  // null once stopped
  Address address_;
  AcceptHandler on_accept_;
  ListenerOptions options_;
  UniqueFd spare_;  // given up for a moment to accept and refuse the next peer
  Handle watch_;
  bool accepting_ = true;
  TimePoint next_log_;
  std::uint64_t unlogged_refusals_ = 0;
};

}  // namespace carillon::net
