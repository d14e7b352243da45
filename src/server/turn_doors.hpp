// The sockets that TURN clients come to.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "core/result.hpp"
#include "net/listen_socket.hpp"
#include "net/unique_fd.hpp"

namespace carillon::server {

/// One address, by TCP and UDP at the same port.
struct TurnDoor {
  net::ListenSet tcp;
  std::vector<net::UniqueFd> udp;  // one for each reactor
};

/// Errors: a sentence for the user.
Result<std::vector<TurnDoor>, std::string> open_turn_doors(const std::string& address,
                                                           std::size_t reactor_count);

}  // namespace carillon::server
