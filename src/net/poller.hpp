// The kernel's list of descriptors to watch (epoll, level-triggered), keyed by handles: an event of
// a closed descriptor finds nothing.
#pragma once

#include <sys/epoll.h>

#include <cstdint>
#include <span>
#include <vector>

#include "core/slot_table.hpp"
#include "net/unique_fd.hpp"

namespace carillon::net {

/// Whom an event is for.
struct PollKey {
  enum class Table : std::uint8_t { Streams, Sources, Waker };
  Table table = Table::Streams;
  Handle handle;
};

struct PollEvent {
  PollKey key;
  std::uint32_t events = 0;
};

/// Errors: the calls return false when the kernel refuses (no memory, max_user_watches); errno
/// tells. Thread: its reactor's own.
class Poller {
 public:
  /// Throws std::system_error without a descriptor: start-up only.
  Poller();

  bool add(int fd, std::uint32_t events, PollKey key);
  bool change(int fd, std::uint32_t events, PollKey key);
  void remove(int fd);

  /// Waits until something is ready or the time is up (-1: none).
  /// Lifetime: the events are good until the next call.
  std::span<const PollEvent> wait(int timeout_milliseconds);

 private:
  bool control(int operation, int fd, std::uint32_t events, PollKey key);

  UniqueFd epoll_;
  std::vector<epoll_event> raw_;
  std::vector<PollEvent> ready_;
};

}  // namespace carillon::net
