#include "server/turn_doors.hpp"

#include <utility>

#include "net/datagram_socket.hpp"

namespace carillon::server {
namespace {

using Doors = std::vector<TurnDoor>;

Result<Doors, std::string> open_once(const std::string& address, std::size_t reactor_count) {
  Doors doors;
  auto sets = TRY(net::listen_on(address, reactor_count));
  for (net::ListenSet& set : sets) {
    auto sockets = TRY(net::bind_datagram_set(set.address, reactor_count));
    doors.push_back({.tcp = std::move(set), .udp = std::move(sockets)});
  }
  return doors;
}

}  // namespace

Result<Doors, std::string> open_turn_doors(const std::string& address, std::size_t reactor_count) {
  // A port that is free for TCP may be taken for UDP; another free one is then tried.
  constexpr int kTries = 10;
  const bool any_port = address.ends_with(":0");
  for (int left = any_port ? kTries : 1; true; --left) {
    auto doors = open_once(address, reactor_count);
    if (doors || left <= 1) return doors;
  }
}

}  // namespace carillon::server
