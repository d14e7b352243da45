// Bound sockets that wait for connections: made at start-up, before any reactor runs.
#pragma once

#include <sys/types.h>

#include <atomic>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/bytes.hpp"
#include "core/result.hpp"
#include "net/address.hpp"
#include "net/unique_fd.hpp"

namespace carillon::net {

struct ListenOptions {
  std::optional<mode_t> unix_mode = {};  // of the socket file; none: as the umask says
};

/// Owns a listening descriptor, and the file of a Unix one.
/// Thread: immutable but for `remove_file`, which any thread may call.
class ListenSocket {
 public:
  ListenSocket(UniqueFd socket, Address address);
  ListenSocket(const ListenSocket&) = delete;
  ListenSocket& operator=(const ListenSocket&) = delete;
  ~ListenSocket();

  int fd() const { return socket_.get(); }
  /// With the real port.
  const Address& address() const { return address_; }
  /// Removes the file of a Unix socket (if it is still ours), so that nobody new can come;
  /// idempotent.
  void remove_file() const;

 private:
  UniqueFd socket_;
  Address address_;
  dev_t file_device_ = 0;
  ino_t file_inode_ = 0;
  mutable std::atomic<bool> file_removed_{false};
};

/// One address, ready on every reactor: TCP has a socket each (SO_REUSEPORT), a Unix address one
/// that all share.
struct ListenSet {
  Address address;
  std::vector<std::shared_ptr<const ListenSocket>> per_reactor;
};

/// Listens on everything `text` stands for (see `resolve`); port 0 takes a free one, the same in
/// both families. An IPv6 socket takes no IPv4 (IPV6_V6ONLY). A family that the machine lacks is
/// left out if the other one works. A Unix socket's file is replaced only when nobody listens
/// there. Errors: a sentence for the user: which address, what is wrong, what to do.
Result<std::vector<ListenSet>, std::string> listen_on(Bytes text, std::size_t reactor_count,
                                                      const ListenOptions& options = {});

}  // namespace carillon::net
