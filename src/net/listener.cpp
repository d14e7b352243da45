#include "net/listener.hpp"

#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <string_view>
#include <system_error>
#include <utility>

#include "core/log.hpp"
#include "net/limits.hpp"

namespace carillon::net {
namespace {

UniqueFd make_spare() {
  return UniqueFd(::open("/dev/null", O_RDONLY | O_CLOEXEC));
}

struct Accepted {
  UniqueFd socket;
  PeerAddress peer;
};

/// Without a socket errno tells why.
Accepted accept_from(int listening) {
  sockaddr_storage storage{};
  socklen_t size = sizeof storage;
  auto* address = reinterpret_cast<sockaddr*>(&storage);
  UniqueFd socket(::accept4(listening, address, &size, SOCK_NONBLOCK | SOCK_CLOEXEC));
  if (!socket) return {};
  return {.socket = std::move(socket), .peer = PeerAddress::from(address, size)};
}

/// As good as it can be without keeping the socket: what has come already is read, because a reset
/// for unread input could overtake the text.
void refuse(const UniqueFd& socket, const std::string& text) {
  std::array<char, 4096> ignored;
  [[maybe_unused]] auto sent =
      ::send(socket.get(), text.data(), text.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
  ::shutdown(socket.get(), SHUT_WR);
  [[maybe_unused]] auto read = ::recv(socket.get(), ignored.data(), ignored.size(), MSG_DONTWAIT);
}

std::string_view reason_of(Reception refusal) {
  switch (refusal) {
    case Reception::NoDescriptor:
      return "for want of file descriptors; raise `ulimit -n`";
    case Reception::Limited:
      return "at a limit of their addresses, or of connects; see `[limits]` and limits_hit_total";
    default:
      return "at the limit of connections; see `[limits] connections`";
  }
}

}  // namespace

Listener::Listener(Reactor& reactor, std::shared_ptr<const ListenSocket> socket,
                   AcceptHandler on_accept, ListenerOptions options)
    : reactor_(reactor),
      socket_(std::move(socket)),
      address_(socket_->address()),
      on_accept_(std::move(on_accept)),
      options_(std::move(options)),
      spare_(make_spare()) {
  if (!watch()) throw std::system_error(errno, std::generic_category(), address_.to_text());
}

Listener::~Listener() {
  reactor_.unwatch(watch_);
}

bool Listener::watch() {
  // A shared socket wakes one of its reactors, not all.
  const std::uint32_t exclusive = address_.is_unix() ? std::uint32_t{EPOLLEXCLUSIVE} : 0U;
  watch_ = reactor_.watch(socket_->fd(), EPOLLIN | exclusive, *this);
  return static_cast<bool>(watch_);
}

void Listener::on_ready(std::uint32_t /*events*/) {
  for (std::size_t turn = 0; turn < limits::kAcceptsPerTick; ++turn) {
    const Outcome outcome = accept_one();
    if (outcome == Outcome::QueueEmpty) return;
    if (outcome == Outcome::NoDescriptor && !refuse_one()) return rest();
  }
}

Listener::Outcome Listener::accept_one() {
  Accepted accepted = accept_from(socket_->fd());
  if (accepted.socket) {
    const Reception reception = on_accept_(reactor_, std::move(accepted.socket), accepted.peer);
    if (reception == Reception::Taken) {
      reactor_.probe().accepted_connection();
    } else {
      const bool is_limited = reception == Reception::Limited;
      refuse(accepted.socket, is_limited ? options_.limited_refusal : options_.refusal);
      count_refusal(reception);
    }
    return Outcome::Accepted;
  }
  switch (errno) {
    case EAGAIN:
      return Outcome::QueueEmpty;
    case EMFILE:
    case ENFILE:
    case ENOBUFS:
    case ENOMEM:
      return Outcome::NoDescriptor;
    default:
      return Outcome::Ignored;  // that connection broke before its turn came (accept(2))
  }
}

/// False when the spare descriptor is no help: another thread took its place, or memory is short.
bool Listener::refuse_one() {
  spare_.reset();
  Accepted accepted = accept_from(socket_->fd());
  const bool served = accepted.socket || errno == EAGAIN;
  if (accepted.socket) {
    refuse(accepted.socket, options_.refusal);
    accepted.socket.reset();
    count_refusal(Reception::NoDescriptor);
  }
  spare_ = make_spare();
  return served && spare_;
}

void Listener::count_refusal(Reception why) {
  switch (why) {
    case Reception::NoDescriptor:
      reactor_.probe().refused_for_descriptors();
      break;
    case Reception::Limited:
      reactor_.probe().refused_as_limited();
      break;
    default:
      reactor_.probe().refused_when_full();
  }
  ++unlogged_refusals_;
  if (reactor_.now() < next_log_) return;
  log::error("{}: {} connections refused {}", address_.to_text(),
             std::exchange(unlogged_refusals_, 0), reason_of(why));
  next_log_ = reactor_.now() + limits::kRefusalLogInterval;
}

void Listener::rest() {
  reactor_.unwatch(std::exchange(watch_, Handle{}));
  reactor_.timers().set(*this, reactor_.now() + limits::kAcceptRest);
}

void Listener::on_time() {
  if (!spare_) spare_ = make_spare();
  if (!watch()) rest();
}

void Listener::stop_accepting() {
  if (!accepting_) return;
  accepting_ = false;
  socket_->remove_file();  // first, so that nobody joins the queue behind our last look
  constexpr int kTurns = 4 * limits::kAcceptBacklog;
  for (int turn = 0; turn < kTurns; ++turn) {
    const Outcome outcome = accept_one();
    if (outcome == Outcome::QueueEmpty) break;
    if (outcome == Outcome::NoDescriptor && !refuse_one()) break;
  }
  reactor_.unwatch(std::exchange(watch_, Handle{}));
  reactor_.timers().cancel(*this);
  socket_.reset();
}

}  // namespace carillon::net
