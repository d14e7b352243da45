// One connection to the server, from the resolver to its end: what the protocols of this module
// are spoken over.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/bytes.hpp"
#include "core/slot_table.hpp"
#include "core/time.hpp"
#include "net/connector.hpp"
#include "net/reactor.hpp"
#include "net/stream.hpp"
#include "outgoing/failure.hpp"
#include "outgoing/options.hpp"
#include "outgoing/resolver.hpp"
#include "outgoing/server_url.hpp"

namespace carillon::outgoing {

/// Hears one link, on its reactor's thread.
class LinkListener {
 public:
  virtual ~LinkListener() = default;
  virtual void on_link_open() = 0;
  /// Octets came; they are lent for the call and may be changed in place.
  virtual void on_link_bytes(std::span<char> received) = 0;
  /// The server ended its side in good order.
  virtual void on_link_end() = 0;
  /// The moment given to `set_deadline` has passed.
  virtual void on_link_deadline() = 0;
  /// No connection, or none any more. Not after `close()`.
  virtual void on_link_failed(const Failure& failure) = 0;
};

/// May be opened again after its end.
/// Thread:   its reactor's own.
/// Lifetime: reactor and resolver outlive it. It may be closed in its own callbacks, not destroyed.
class Link {
 public:
  Link(net::Reactor& reactor, LinkListener& listener);
  Link(const Link&) = delete;
  Link& operator=(const Link&) = delete;
  /// Ends the connection at once.
  ~Link();

  /// With TLS where the server's address asks for it: a server whose certificate is not trusted, or
  /// is for another host, is not spoken to.
  /// Without a resolver a name is looked up within the call, which may block: a reactor that serves
  /// others as well should be given one.
  void open(const CallOptions& options);
  /// Whether something can be sent.
  bool is_open() { return !securing_ && stream() != nullptr; }

  /// Quiet when the link is not open.
  void send(Bytes octets);
  /// Octets that wait to be sent.
  std::size_t outbox_bytes();
  /// on_link_deadline at this moment, once, while the link is open; empty cancels.
  void set_deadline(std::optional<TimePoint> deadline);
  /// Sends what waits, then ends. No callback afterwards. Idempotent.
  void close();

  net::Reactor& reactor() { return reactor_; }

 private:
  class Handler;

  void on_resolved(Result<std::vector<net::Address>, std::string> addresses);
  void on_connected(Result<net::Connected, std::string> result);
  void begin_tls(net::Stream& stream);
  void on_secured();
  void on_end();
  void on_time();
  void on_lost(net::CloseCause cause, const std::string& tls_error);
  void fail_handshake(std::string_view why);
  void forget_question();
  void fail(FailureKind kind, std::string text);
  net::Stream* stream() { return reactor_.find(stream_); }

  net::Reactor& reactor_;
  LinkListener& listener_;
  ServerUrl server_;
  std::shared_ptr<const net::TlsClientContext> trust_;
  net::Connector connector_;
  Resolver* resolver_ = nullptr;
  Handle question_;  // to the resolver
  net::TimerId unresolved_;
  Handle stream_;
  bool securing_ = false;  // the stream is in its handshake
};

}  // namespace carillon::outgoing
