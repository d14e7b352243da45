// Receives datagrams, many with one system call, into buffers with room around them.
#pragma once

#include <sys/socket.h>
#include <sys/uio.h>

#include <array>
#include <cstddef>
#include <cstdlib>
#include <memory>
#include <span>
#include <vector>

#include "net/datagram_address.hpp"
#include "net/io_batch.hpp"
#include "net/limits.hpp"
#include "net/probe.hpp"

namespace carillon::net {

struct Datagram {
  std::size_t source = 0;  // which of the sockets it came from
  char* begin = nullptr;   // kRoomBefore octets in front of it are free
  std::size_t size = 0;    // kRoomBehind octets behind it are free
  DatagramAddress from;
  DatagramAddress to;  // Family::None where the socket is bound to one address
};

/// Lifetime: datagrams are good until the next receive.
/// Thread:   one thread.
class DatagramInbox {
 public:
  static constexpr std::size_t kRoomBefore = 64;
  static constexpr std::size_t kRoomBehind = 8;

  explicit DatagramInbox(Probe& probe);

  /// What waits at one socket, at most limits::kDatagramsPerBatch.
  std::span<const Datagram> receive_from(int fd);
  /// One from each socket that has any; at most limits::kDatagramsPerBatch sockets.
  std::span<const Datagram> receive_each(std::span<const int> sockets, IoBatch& batch);

 private:
  struct Slot {
    sockaddr_in6 from;
    iovec piece;
    alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(in6_pktinfo))> control;
  };

  void prepare(std::size_t index, msghdr& message);
  void take(std::size_t source, std::size_t index, const msghdr& message, std::size_t size);
  char* buffer(std::size_t index) const;

  struct Free {
    void operator()(char* octets) const { std::free(octets); }
  };
  Probe& probe_;
  std::unique_ptr<char[], Free> arena_;
  std::vector<Slot> slots_;
  std::vector<mmsghdr> messages_;
  std::vector<DatagramRecvOp> operations_;
  std::vector<Datagram> datagrams_;
};

}  // namespace carillon::net
