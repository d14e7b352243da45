// The load generator's event loop: epoll without waiting, and short naps in between.
#pragma once

#include <cstdint>

#include "net/unique_fd.hpp"

namespace carillon::bench {

/// Something with a descriptor.
class Pollable {
 public:
  virtual ~Pollable() = default;
  virtual void on_events(std::uint32_t events) = 0;
};

/// It naps instead of waiting for events: a server's send would pay for waking the other cpu, and
/// that would be measured as the server's.
class Loop {
 public:
  Loop();

  void add(int fd, std::uint32_t events, Pollable& pollable);
  void change(int fd, std::uint32_t events, Pollable& pollable);

  /// Handles what is ready; naps when nothing is.
  void turn();

 private:
  net::UniqueFd epoll_;
};

}  // namespace carillon::bench
