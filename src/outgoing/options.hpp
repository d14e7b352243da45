// What every call needs to know about the server and the patience of its user.
#pragma once

#include <memory>
#include <string>

#include "core/time.hpp"
#include "net/tls_client_context.hpp"
#include "outgoing/limits.hpp"
#include "outgoing/resolver.hpp"
#include "outgoing/server_url.hpp"

namespace carillon::outgoing {

struct CallOptions {
  ServerUrl server;
  /// Sent as `Authorization: Bearer …`; empty: nothing is sent.
  std::string token = {};
  /// How long a link may be silent before it is taken for dead.
  Duration silence = limits::kSilence;
  /// How long a connection is kept that nobody uses; zero: as long as the server keeps it.
  Duration idle = Duration::zero();
  /// Whom to trust over TLS; null: whom this machine trusts.
  std::shared_ptr<const net::TlsClientContext> trust = nullptr;
  /// Null: names are looked up by the system, and the reactor waits for it.
  Resolver* resolver = nullptr;
};

}  // namespace carillon::outgoing
