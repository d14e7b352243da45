// The least that a server can do to send the same octets to many sockets.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>

namespace carillon::bench {

struct Transfer {
  int fd = -1;
  char* octets = nullptr;
  std::size_t size = 0;
  int result = 0;  // octets, or a negative errno
};

/// Many sends or receives with MSG_DONTWAIT, each socket at most once per call.
class Batch {
 public:
  virtual ~Batch() = default;
  virtual void send(std::span<Transfer> transfers) = 0;
  virtual void receive(std::span<Transfer> transfers) = 0;
  virtual std::string_view name() const = 0;
};

/// One system call each.
std::unique_ptr<Batch> make_loop_batch();
/// io_uring as a synchronous batcher; null where the kernel does not allow it.
std::unique_ptr<Batch> make_uring_batch();

}  // namespace carillon::bench
