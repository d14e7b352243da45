#include "net/listen_socket.hpp"

#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "core/log.hpp"
#include "net/limits.hpp"

namespace carillon::net {
namespace {

enum class Sharing { Alone, SharedPort };

/// Why it did not work, kept apart from the sentence because some reasons can be lived with.
struct Failure {
  int error = 0;
  std::string sentence;
};

template <class Value>
using Attempt = Result<Value, Failure>;

std::string advice(int error, const Address& address) {
  switch (error) {
    case EADDRINUSE:
      return "another program listens there; stop it or choose another address";
    case EADDRNOTAVAIL:
      return "this machine does not have that address";
    case EACCES:
      return address.is_unix() ? "no permission to write to its directory"
                               : "ports below 1024 need root or CAP_NET_BIND_SERVICE";
    case EAFNOSUPPORT:
      return "this machine does not have that kind of address";
    case ENOENT:
      return "its directory does not exist";
    default:
      return std::strerror(error);
  }
}

std::unexpected<Failure> failed(int error, const Address& address) {
  return std::unexpected(Failure{
      .error = error,
      .sentence =
          fmt::format("cannot listen on {}: {}", address.to_text(), advice(error, address))});
}

bool set_option(const UniqueFd& socket, int level, int name) {
  const int on = 1;
  return ::setsockopt(socket.get(), level, name, &on, sizeof on) == 0;
}

Attempt<UniqueFd> make_socket(const Address& address) {
  sockaddr_storage storage{};
  address.to_socket(storage);
  UniqueFd socket(::socket(storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket) return failed(errno, address);
  return socket;
}

bool bind_to(const UniqueFd& socket, const Address& address) {
  sockaddr_storage storage{};
  const socklen_t size = address.to_socket(storage);
  return ::bind(socket.get(), reinterpret_cast<const sockaddr*>(&storage), size) == 0;
}

bool start_listening(const UniqueFd& socket) {
  return ::listen(socket.get(), limits::kAcceptBacklog) == 0;
}

// --- TCP ----------------------------------------------------------------------------------------

Attempt<UniqueFd> bind_tcp(const Address& address, Sharing sharing) {
  UniqueFd socket = TRY(make_socket(address));
  // Accepted sockets inherit TCP_NODELAY: the flush at the end of a tick does what Nagle would.
  const bool prepared =
      set_option(socket, SOL_SOCKET, SO_REUSEADDR) &&
      set_option(socket, IPPROTO_TCP, TCP_NODELAY) &&
      (address.family() != Family::Ipv6 || set_option(socket, IPPROTO_IPV6, IPV6_V6ONLY)) &&
      (sharing == Sharing::Alone || set_option(socket, SOL_SOCKET, SO_REUSEPORT));
  if (!prepared || !bind_to(socket, address)) return failed(errno, address);
  return socket;
}

Attempt<Address> bound_address(const UniqueFd& socket, const Address& wanted) {
  sockaddr_storage storage{};
  socklen_t size = sizeof storage;
  auto* address = reinterpret_cast<sockaddr*>(&storage);
  if (::getsockname(socket.get(), address, &size) != 0) return failed(errno, wanted);
  return Address::from(address, size);
}

/// SO_REUSEPORT would share the port with another server of the same user, silently. So the address
/// is first taken alone, which fails if anybody listens there.
Attempt<Address> claim(const Address& wanted) {
  const UniqueFd socket = TRY(bind_tcp(wanted, Sharing::Alone));
  return bound_address(socket, wanted);
}

Attempt<ListenSet> listen_tcp(const Address& wanted, std::size_t count) {
  ListenSet set;
  set.address = TRY(claim(wanted));
  const Sharing sharing = count > 1 ? Sharing::SharedPort : Sharing::Alone;
  for (std::size_t index = 0; index < count; ++index) {
    UniqueFd socket = TRY(bind_tcp(set.address, sharing));
    if (!start_listening(socket)) return failed(errno, set.address);
    set.per_reactor.push_back(std::make_shared<const ListenSocket>(std::move(socket), set.address));
  }
  return set;
}

// --- Unix ---------------------------------------------------------------------------------------

bool somebody_listens(const Address& address) {
  auto socket = make_socket(address);
  if (!socket) return true;
  sockaddr_storage storage{};
  const socklen_t size = address.to_socket(storage);
  const auto* target = reinterpret_cast<const sockaddr*>(&storage);
  return ::connect(socket->get(), target, size) == 0 || errno != ECONNREFUSED;
}

bool is_socket_file(const std::string& path) {
  struct stat file{};
  return ::lstat(path.c_str(), &file) == 0 && S_ISSOCK(file.st_mode);
}

/// A server that was killed leaves its file behind.
bool remove_stale_file(const Address& address) {
  if (!is_socket_file(address.path()) || somebody_listens(address)) return false;
  return ::unlink(address.path().c_str()) == 0;
}

Attempt<ListenSet> listen_unix(const Address& address, std::size_t count,
                               const ListenOptions& options) {
  UniqueFd socket = TRY(make_socket(address));
  // The mode of the socket becomes the file's (less the umask) in the moment it appears; the second
  // call adds what the umask took.
  if (options.unix_mode && ::fchmod(socket.get(), *options.unix_mode) != 0) {
    return failed(errno, address);
  }
  if (!bind_to(socket, address)) {
    const int error = errno;
    const bool retry = error == EADDRINUSE && remove_stale_file(address);
    if (!retry) return failed(error, address);
    if (!bind_to(socket, address)) return failed(errno, address);
  }
  const auto shared = std::make_shared<const ListenSocket>(std::move(socket), address);
  if (options.unix_mode && ::chmod(address.path().c_str(), *options.unix_mode) != 0) {
    return failed(errno, address);
  }
  if (::listen(shared->fd(), limits::kAcceptBacklog) != 0) return failed(errno, address);
  return ListenSet{.address = address, .per_reactor = {count, shared}};
}

// --- Several families ---------------------------------------------------------------------------

bool family_is_missing(const Failure& failure, const Address& address) {
  return address.family() == Family::Ipv6 &&
         (failure.error == EAFNOSUPPORT || failure.error == EADDRNOTAVAIL);
}

Attempt<std::vector<ListenSet>> listen_on_all(std::vector<Address> addresses, std::size_t count,
                                              const ListenOptions& options) {
  std::vector<ListenSet> sets;
  for (Address& address : addresses) {
    if (!sets.empty() && address.port() == 0) address.set_port(sets.front().address.port());
    auto set =
        address.is_unix() ? listen_unix(address, count, options) : listen_tcp(address, count);
    if (set) {
      sets.push_back(std::move(*set));
    } else if (!sets.empty() && family_is_missing(set.error(), address)) {
      log::info("{}; the other addresses serve", set.error().sentence);
    } else {
      return std::unexpected(std::move(set).error());
    }
  }
  return sets;
}

}  // namespace

ListenSocket::ListenSocket(UniqueFd socket, Address address)
    : socket_(std::move(socket)), address_(std::move(address)) {
  struct stat file{};
  if (!address_.is_unix() || ::lstat(address_.path().c_str(), &file) != 0) return;
  file_device_ = file.st_dev;
  file_inode_ = file.st_ino;
}

ListenSocket::~ListenSocket() {
  remove_file();
}

void ListenSocket::remove_file() const {
  if (!address_.is_unix() || file_removed_.exchange(true)) return;
  struct stat file{};
  if (::lstat(address_.path().c_str(), &file) != 0) return;
  // A successor may have put its own in the place of ours.
  const bool ours = file.st_dev == file_device_ && file.st_ino == file_inode_;
  if (ours) ::unlink(address_.path().c_str());
}

Result<std::vector<ListenSet>, std::string> listen_on(Bytes text, std::size_t reactor_count,
                                                      const ListenOptions& options) {
  const std::vector<Address> addresses = TRY(resolve(text));
  // A free port of one family may be taken in the other; another free one is then tried.
  constexpr int kTries = 10;
  for (int left = kTries; true; --left) {
    auto sets = listen_on_all(addresses, reactor_count, options);
    if (sets) return std::move(*sets);
    const bool port_was_free = addresses.front().port() == 0 && !addresses.front().is_unix();
    const bool try_again = port_was_free && sets.error().error == EADDRINUSE && left > 1;
    if (!try_again) return std::unexpected(std::move(sets).error().sentence);
  }
}

}  // namespace carillon::net
