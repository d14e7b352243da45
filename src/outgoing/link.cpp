#include "outgoing/link.hpp"

#include <fmt/format.h>

#include <utility>
#include <vector>

#include "net/address.hpp"
#include "net/limits.hpp"
#include "net/tls_stage.hpp"

namespace carillon::outgoing {

/// The stream's owner is the reactor, so the stream's handler only points at the link.
class Link::Handler final : public net::StreamHandler {
 public:
  explicit Handler(Link& link) : link_(link) {}

  void on_bytes(std::span<char> received) override { link_.listener_.on_link_bytes(received); }
  void on_secured() override { link_.on_secured(); }
  void on_end_of_input() override { link_.on_end(); }
  void on_drained() override {}
  void on_deadline() override { link_.on_time(); }
  void on_closed(net::CloseCause cause) override {
    link_.on_lost(cause,
                  std::string(stream_ != nullptr ? stream_->tls_error() : std::string_view{}));
  }

  void set_stream(const net::Stream* stream) { stream_ = stream; }

 private:
  Link& link_;
  const net::Stream* stream_ = nullptr;  // it outlives its handler
};

Link::Link(net::Reactor& reactor, LinkListener& listener)
    : reactor_(reactor), listener_(listener), connector_(reactor) {}

Link::~Link() {
  reactor_.cancel(unresolved_);
  forget_question();
  if (net::Stream* open = stream()) open->abort();
}

void Link::open(const CallOptions& options) {
  close();
  server_ = options.server;
  resolver_ = options.resolver;
  trust_ = options.trust;
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
  securing_ = false;
}

void Link::forget_question() {
  if (resolver_ != nullptr) resolver_->cancel(std::exchange(question_, {}));
}

void Link::on_connected(Result<net::Connected, std::string> result) {
  if (!result) {
    return fail(FailureKind::Unreachable,
                "cannot connect to " + server_.to_text() + " (" + result.error() + ")");
  }
  auto handler = std::make_unique<Handler>(*this);
  Handler& ours = *handler;
  stream_ = reactor_.adopt(std::move(result->socket), result->peer, std::move(handler));
  if (!stream_) {
    return fail(FailureKind::Unreachable, "cannot watch the connection to " + server_.to_text());
  }
  net::Stream* const connected = stream();
  ours.set_stream(connected);
  if (server_.is_secure()) return begin_tls(*connected);
  listener_.on_link_open();
}

void Link::begin_tls(net::Stream& stream) {
  if (!trust_) trust_ = net::TlsClientContext::of_system();
  auto session = trust_->open(server_.host());
  securing_ = true;
  if (!session) return fail_handshake("no certificate can be for such a host");
  stream.set_deadline(reactor_.now() + net::limits::kHandshakeTime);
  stream.start_tls(std::make_unique<net::TlsStage>(std::move(session)), {});
}

void Link::on_secured() {
  securing_ = false;
  set_deadline({});
  listener_.on_link_open();
}

void Link::on_end() {
  if (securing_) return fail_handshake("it ended the connection in the handshake");
  listener_.on_link_end();
}

void Link::on_time() {
  if (securing_) return fail_handshake("its handshake took too long");
  listener_.on_link_deadline();
}

void Link::on_lost(net::CloseCause cause, const std::string& tls_error) {
  if (cause == net::CloseCause::Shutdown) return;
  if (securing_) return fail_handshake(tls_error.empty() ? "the connection broke" : tls_error);
  stream_ = {};
  if (!tls_error.empty()) return fail(FailureKind::Lost, "TLS failed: " + tls_error);
  fail(FailureKind::Lost, cause == net::CloseCause::WriteTimeout
                              ? "the server takes nothing any more"
                              : "the connection broke");
}

void Link::fail_handshake(std::string_view why) {
  close();
  fail(FailureKind::Unreachable,
       fmt::format("cannot speak TLS with {} ({})", server_.to_text(), why));
}

void Link::fail(FailureKind kind, std::string text) {
  listener_.on_link_failed({.kind = kind, .text = std::move(text)});
}

}  // namespace carillon::outgoing
