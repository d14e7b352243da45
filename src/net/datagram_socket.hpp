// Bound UDP sockets.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "core/result.hpp"
#include "net/address.hpp"
#include "net/datagram_address.hpp"
#include "net/unique_fd.hpp"

namespace carillon::net {

/// Whether routers, and we ourselves, may cut a datagram into fragments.
enum class Fragments : std::uint8_t { Allowed, Forbidden };

/// Binds a non-blocking socket that is alone on its address; an IPv6 one takes no IPv4. Its
/// datagrams may be cut into fragments. Port 0: any; `address` tells it afterwards.
/// Errors: errno.
Result<UniqueFd, int> bind_datagram_socket(DatagramAddress& address);

/// Whether what is sent from now on may be cut. False where that cannot be said.
bool set_fragments(int fd, Fragments fragments);

/// One address with a socket for each reactor (SO_REUSEPORT): the datagrams of one client all come
/// to the same one. Each tells to which of our addresses a datagram came where it is bound to all
/// of them, and has large buffers.
/// Errors: a sentence for the user, as of listen_on().
Result<std::vector<UniqueFd>, std::string> bind_datagram_set(const Address& address,
                                                             std::size_t reactor_count);

}  // namespace carillon::net
