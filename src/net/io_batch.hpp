// Many sends or receives in one system call where the kernel allows it: the one place where
// sockets are read and written.
#pragma once

#include <sys/socket.h>
#include <sys/types.h>
#include <sys/uio.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string_view>

namespace carillon::net {

/// One gathered send. `result`: octets taken by the kernel, or a negative errno.
struct SendOp {
  int fd = -1;
  std::span<const iovec> pieces;
  ssize_t result = 0;
};

/// One receive. `result`: octets received (0: the peer's end), or a negative errno.
struct RecvOp {
  int fd = -1;
  std::span<char> buffer;
  ssize_t result = 0;
};

/// One datagram to send, with its address and control data. `result`: as of SendOp.
struct DatagramSendOp {
  int fd = -1;
  msghdr* message = nullptr;
  ssize_t result = 0;
};

/// One datagram to receive. `result`: its octets, or a negative errno; `message` tells the rest.
struct DatagramRecvOp {
  int fd = -1;
  msghdr* message = nullptr;
  ssize_t result = 0;
};

/// Performs every operation without blocking and writes its result in place.
/// Shape:  at most one send (or one receive) per stream socket and call, so that order is kept;
///         datagrams of one socket leave in their order.
/// Errors: per operation; -EAGAIN where the socket would block. Never -EINTR, never SIGPIPE.
/// Thread: the reactor's own; it is also made there.
class IoBatch {
 public:
  virtual ~IoBatch() = default;
  virtual void send_many(std::span<SendOp> operations) = 0;
  virtual void recv_many(std::span<RecvOp> operations) = 0;
  virtual void send_datagrams(std::span<DatagramSendOp> operations) = 0;
  virtual void recv_datagrams(std::span<DatagramRecvOp> operations) = 0;
  /// Its name for logs and metrics, as users choose it: `uring` or `epoll`.
  virtual std::string_view name() const = 0;
  /// Made for sends and receives since the start.
  virtual std::uint64_t system_calls() const = 0;
};

using IoBatchFactory = std::function<std::unique_ptr<IoBatch>()>;

}  // namespace carillon::net
