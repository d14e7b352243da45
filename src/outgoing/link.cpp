#include "outgoing/link.hpp"

#include <utility>
#include <vector>

#include "net/address.hpp"

namespace carillon::outgoing {

/// The stream's owner is the reactor, so the stream's handler only points at the link.
class Link::Handler final : public net::StreamHandler {
 public:
  explicit Handler(Link& link) : link_(link) {}

  void on_bytes(std::span<char> received) override { link_.listener_.on_link_bytes(received); }
  void on_end_of_input() override { link_.listener_.on_link_end(); }
  void on_drained() override {}
  void on_deadline() override { link_.listener_.on_link_deadline(); }
  void on_closed(net::CloseCause cause) override {
    if (cause == net::CloseCause::Shutdown) return;
    link_.stream_ = {};
    link_.fail(FailureKind::Lost, cause == net::CloseCause::WriteTimeout
                                      ? "the server takes nothing any more"
                                      : "the connection broke");
  }

 private:
  Link& link_;
};

Link::Link(net::Reactor& reactor, LinkListener& listener)
    : reactor_(reactor), listener_(listener), connector_(reactor) {}

Link::~Link() {
  reactor_.cancel(unresolved_);
  forget_question();
  if (net::Stream* open = stream()) open->abort();
}

void Link::open(const ServerUrl& server, Resolver* resolver) {
  close();
  server_ = server;
  resolver_ = resolver;
  if (server_.is_unix()) {
    return on_resolved(std::vector{net::Address::unix_path(server_.unix_path())});
  }
  if (resolver_ == nullptr) return on_resolved(net::resolve_host(server_.host(), server_.port()));
  // It may answer within the call.
  const Handle question =
      resolver_->resolve(server_.host(), server_.port(), [this](auto addresses) {
        question_ = {};
        on_resolved(std::move(addresses));
      });
  question_ = question;
}

/// Whoever opens the link is not called back before the call has returned.
void Link::on_resolved(Result<std::vector<net::Address>, std::string> addresses) {
  if (addresses) {
    return connector_.start(
        std::move(*addresses),
        [this](Result<net::Connected, std::string> result) { on_connected(std::move(result)); });
  }
  std::string text = server_.host() + ": " + addresses.error();
  unresolved_ = reactor_.after(Duration::zero(), [this, text = std::move(text)]() mutable {
    on_connected(std::unexpected(std::move(text)));
  });
}

bool Link::is_open() {
  return stream() != nullptr;
}

void Link::send(Bytes octets) {
  if (net::Stream* open = stream()) open->send(octets);
}

std::size_t Link::outbox_bytes() {
  const net::Stream* open = stream();
  return open != nullptr ? open->outbox_bytes() : 0;
}

void Link::set_deadline(std::optional<TimePoint> deadline) {
  if (net::Stream* open = stream()) open->set_deadline(deadline);
}

void Link::close() {
  reactor_.cancel(std::exchange(unresolved_, {}));
  forget_question();
  connector_.cancel();
  if (net::Stream* open = stream()) open->close();
  stream_ = {};
}

void Link::forget_question() {
  if (resolver_ != nullptr) resolver_->cancel(std::exchange(question_, {}));
}

void Link::on_connected(Result<net::Connected, std::string> result) {
  if (!result) {
    return fail(FailureKind::Unreachable,
                "cannot connect to " + server_.to_text() + " (" + result.error() + ")");
  }
  stream_ =
      reactor_.adopt(std::move(result->socket), result->peer, std::make_unique<Handler>(*this));
  if (!stream_) {
    return fail(FailureKind::Unreachable, "cannot watch the connection to " + server_.to_text());
  }
  listener_.on_link_open();
}

void Link::fail(FailureKind kind, std::string text) {
  listener_.on_link_failed({.kind = kind, .text = std::move(text)});
}

}  // namespace carillon::outgoing
