#include "net/datagram_socket.hpp"

#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "net/limits.hpp"

namespace carillon::net {
namespace {

bool set_option(int fd, int level, int name, int value) {
  return ::setsockopt(fd, level, name, &value, sizeof value) == 0;
}

Result<UniqueFd, int> make_socket(Family family) {
  const int domain = family == Family::Ipv6 ? AF_INET6 : AF_INET;
  UniqueFd socket(::socket(domain, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket) return std::unexpected(errno);
  if (domain == AF_INET6 && !set_option(socket.get(), IPPROTO_IPV6, IPV6_V6ONLY, 1)) {
    return std::unexpected(errno);
  }
  return socket;
}

Result<void, int> bind_to(const UniqueFd& socket, DatagramAddress& address) {
  sockaddr_in6 storage{};
  auto* generic = reinterpret_cast<sockaddr*>(&storage);
  socklen_t size = address.to_socket(storage);
  if (::bind(socket.get(), generic, size) != 0) return std::unexpected(errno);
  size = sizeof storage;
  if (::getsockname(socket.get(), generic, &size) != 0) return std::unexpected(errno);
  address = DatagramAddress::from(generic);
  return {};
}

/// What the kernel refuses of this costs speed, and only on a machine with several addresses more.
void prepare_shared(int fd, const DatagramAddress& address) {
  set_option(fd, SOL_SOCKET, SO_RCVBUF, limits::kSharedDatagramBufferBytes);
  set_option(fd, SOL_SOCKET, SO_SNDBUF, limits::kSharedDatagramBufferBytes);
  if (!address.is_any()) return;
  if (address.family == Family::Ipv6) {
    set_option(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, 1);
  } else {
    set_option(fd, IPPROTO_IP, IP_PKTINFO, 1);
  }
}

Result<UniqueFd, int> bind_shared(DatagramAddress& address, std::size_t reactor_count) {
  UniqueFd socket = TRY(make_socket(address.family));
  if (reactor_count > 1 && !set_option(socket.get(), SOL_SOCKET, SO_REUSEPORT, 1)) {
    return std::unexpected(errno);
  }
  prepare_shared(socket.get(), address);
  TRY(bind_to(socket, address));
  return socket;
}

/// SO_REUSEPORT would share the port with another server of the same user, silently: so the address
/// is first taken alone.
Result<std::vector<UniqueFd>, int> bind_all(DatagramAddress address, std::size_t reactor_count) {
  {
    [[maybe_unused]] const UniqueFd alone = TRY(bind_datagram_socket(address));
  }
  std::vector<UniqueFd> sockets;
  for (std::size_t i = 0; i < reactor_count; ++i) {
    sockets.push_back(TRY(bind_shared(address, reactor_count)));
  }
  return sockets;
}

}  // namespace

Result<UniqueFd, int> bind_datagram_socket(DatagramAddress& address) {
  UniqueFd socket = TRY(make_socket(address.family));
  TRY(bind_to(socket, address));
  set_fragments(socket.get(), Fragments::Allowed);
  return socket;
}

bool set_fragments(int fd, Fragments fragments) {
  const bool whole = fragments == Fragments::Forbidden;
  sockaddr_storage own{};
  socklen_t size = sizeof own;
  if (::getsockname(fd, reinterpret_cast<sockaddr*>(&own), &size) != 0) return false;
  if (own.ss_family == AF_INET6) {
    const int way = whole ? IPV6_PMTUDISC_DO : IPV6_PMTUDISC_DONT;
    return set_option(fd, IPPROTO_IPV6, IPV6_MTU_DISCOVER, way);
  }
  return set_option(fd, IPPROTO_IP, IP_MTU_DISCOVER, whole ? IP_PMTUDISC_DO : IP_PMTUDISC_DONT);
}

Result<std::vector<UniqueFd>, std::string> bind_datagram_set(const Address& address,
                                                             std::size_t reactor_count) {
  sockaddr_storage storage{};
  address.to_socket(storage);
  auto sockets =
      bind_all(DatagramAddress::from(reinterpret_cast<const sockaddr*>(&storage)), reactor_count);
  if (sockets) return *std::move(sockets);
  const int error = sockets.error();
  return std::unexpected(fmt::format("cannot take UDP datagrams on {}: {}", address.to_text(),
                                     error == EADDRINUSE
                                         ? "another program does; stop it or choose another address"
                                         : std::strerror(error)));
}

}  // namespace carillon::net
