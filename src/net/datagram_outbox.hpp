// Gathers datagrams of any number of sockets and hands them to the kernel together.
#pragma once

#include <sys/socket.h>
#include <sys/uio.h>

#include <array>
#include <cstddef>
#include <string>
#include <vector>

#include "core/bytes.hpp"
#include "net/datagram_address.hpp"
#include "net/io_batch.hpp"
#include "net/limits.hpp"

namespace carillon::net {

class Reactor;

/// Holds limits::kDatagramsPerBatch; when it is full it flushes by itself. What the kernel has no
/// room for is dropped and counted (Probe).
/// Thread:   the reactor's own.
class DatagramOutbox {
 public:
  explicit DatagramOutbox(Reactor& reactor);
  DatagramOutbox(const DatagramOutbox&) = delete;
  DatagramOutbox& operator=(const DatagramOutbox&) = delete;

  struct Route {
    int fd = -1;
    DatagramAddress to;
    DatagramAddress from;  // which of our addresses; Family::None: the socket's
  };

  /// Lifetime: `octets` and the socket stay until the flush.
  void add(const Route& route, Bytes octets);
  /// The same with octets of its own.
  void add(const Route& route, std::string&& octets);
  bool empty() const { return count_ == 0; }
  void flush();

 private:
  struct Slot {
    sockaddr_in6 to;
    iovec piece;
    msghdr message;
    std::string own;
    alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(in6_pktinfo))> control;
  };

  Slot& next(const Route& route);

  Reactor& reactor_;
  std::vector<Slot> slots_;
  std::vector<DatagramSendOp> operations_;
  std::size_t count_ = 0;
};

}  // namespace carillon::net
