// A request as handlers see it, whichever HTTP version carried it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "access/forwarded.hpp"
#include "core/bytes.hpp"
#include "net/address.hpp"
#include "protocol/http1/fields.hpp"
#include "protocol/http1/query.hpp"
#include "transport/common/path_pattern.hpp"

namespace carillon::transport {

/// Lifetime: the views and `fields` belong to the connection and die with the exchange.
struct Request {
  Bytes method;
  /// Path and query as the client has written them.
  Bytes target;
  /// Decoded, without the query and without the configured base path.
  std::string path;
  /// What stands in the path for the parameters of its route.
  std::vector<PathParameter> path_parameters;
  http1::QueryParameters query;
  const http1::Fields* fields = nullptr;
  /// The host that the client meant; empty for an HTTP/1.0 request without Host.
  Bytes authority;
  /// Whether the protocol version has upgrades, chunks and persistent connections.
  bool is_http_1_1_or_later = true;
  /// What an extended CONNECT asks for, e.g. `websocket` (RFC 8441 §4), which HTTP/2 has in place
  /// of Upgrade. It is routed as the GET that it replaces. Empty: it is none.
  Bytes connect_protocol;
  /// Whether HTTP/2 carried it.
  bool is_http_2 = false;
  /// Complete and decoded, never longer than the route's limit.
  std::string body;
  net::PeerAddress peer;
  /// How the peer itself came; `requester` has what trusted proxies say.
  access::Scheme scheme = access::Scheme::Http;
  /// The client behind the peer, as far as trusted proxies tell.
  access::Requester requester;
  /// Whether a cookie may say who asks: not where a page of others may have sent it along.
  bool cookie_counts = false;

  std::optional<Bytes> field(Bytes name) const { return fields->find(name); }
  std::optional<Bytes> parameter(Bytes name) const { return query.find(name); }
};

}  // namespace carillon::transport
