#include "net/connector.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

namespace carillon::net {

/// One socket on its way to one address.
class Connector::Attempt final : private EventSource {
 public:
  Attempt(Connector& owner, Address address) : owner_(owner), address_(std::move(address)) {}
  ~Attempt() override { owner_.reactor_.unwatch(watch_); }

  const Address& address() const { return address_; }

  /// Returns 0 or the errno of a failure that shows at once.
  int begin() {
    sockaddr_storage storage{};
    const socklen_t size = address_.to_socket(storage);
    socket_.reset(::socket(storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (!socket_) return errno;
    if (!address_.is_unix()) {
      const int on = 1;
      ::setsockopt(socket_.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    }
    const auto* target = reinterpret_cast<const sockaddr*>(&storage);
    if (::connect(socket_.get(), target, size) != 0 && errno != EINPROGRESS) return errno;
    // A socket that is connected already is ready at once, so both come through `on_ready`.
    watch_ = owner_.reactor_.watch(socket_.get(), EPOLLOUT, *this);
    return watch_ ? 0 : errno;
  }

  Connected take() {
    owner_.reactor_.unwatch(std::exchange(watch_, {}));
    sockaddr_storage storage{};
    const socklen_t size = address_.to_socket(storage);
    return {.socket = std::move(socket_),
            .peer = PeerAddress::from(reinterpret_cast<const sockaddr*>(&storage), size)};
  }

 private:
  void on_ready(std::uint32_t /*events*/) override {
    int error = 0;
    socklen_t size = sizeof error;
    if (::getsockopt(socket_.get(), SOL_SOCKET, SO_ERROR, &error, &size) != 0) error = errno;
    owner_.on_answer(*this, error);  // this object ends here
  }

  Connector& owner_;
  Address address_;
  UniqueFd socket_;
  Handle watch_;
};

Connector::Connector(Reactor& reactor, ConnectOptions options)
    : reactor_(reactor), options_(options) {}

Connector::~Connector() {
  cancel();
}

void Connector::start(std::vector<Address> addresses, Done done) {
  cancel();
  addresses_ = std::move(addresses);
  done_ = std::move(done);
  time_limit_ = reactor_.after(options_.time_limit, [this] {
    for (const auto& attempt : attempts_) note(attempt->address(), "no answer");
    finish(std::unexpected(failures_));
  });
  try_next();
}

void Connector::cancel() {
  reactor_.cancel(std::exchange(head_start_, {}));
  reactor_.cancel(std::exchange(time_limit_, {}));
  attempts_.clear();
  addresses_.clear();
  next_ = 0;
  failures_.clear();
  done_ = nullptr;
}

/// Goes on to the next address that does not fail at once.
void Connector::try_next() {
  reactor_.cancel(std::exchange(head_start_, {}));
  while (next_ < addresses_.size()) {
    auto attempt = std::make_unique<Attempt>(*this, addresses_[next_++]);
    if (const int error = attempt->begin(); error != 0) {
      note(attempt->address(), std::generic_category().message(error));
      continue;
    }
    attempts_.push_back(std::move(attempt));
    if (next_ < addresses_.size()) {
      head_start_ = reactor_.after(options_.head_start, [this] { try_next(); });
    }
    return;
  }
  if (!attempts_.empty()) return;
  if (failures_.empty()) failures_ = "there is no address to connect to";
  reactor_.cancel(time_limit_);
  time_limit_ = reactor_.after(Duration::zero(), [this] { finish(std::unexpected(failures_)); });
}

void Connector::on_answer(Attempt& attempt, int error) {
  if (error == 0) return finish(attempt.take());
  note(attempt.address(), std::generic_category().message(error));
  std::erase_if(attempts_, [&](const auto& each) { return each.get() == &attempt; });
  if (next_ < addresses_.size() || attempts_.empty()) try_next();
}

void Connector::note(const Address& address, const std::string& what) {
  if (!failures_.empty()) failures_ += "; ";
  failures_ += address.to_text() + ": " + what;
}

void Connector::finish(Result<Connected, std::string> result) {
  Done done = std::exchange(done_, nullptr);
  cancel();
  if (done) done(std::move(result));
}

}  // namespace carillon::net
