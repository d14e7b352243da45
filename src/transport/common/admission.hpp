// The door: Host, proxies and Origin are judged here, before any route sees the request.
#pragma once

#include <optional>
#include <vector>

#include "access/ip_address.hpp"
#include "access/origin_rule.hpp"
#include "core/result.hpp"
#include "net/address.hpp"
#include "transport/common/problem.hpp"
#include "transport/common/request.hpp"
#include "transport/common/router.hpp"
#include "transport/common/worker.hpp"

namespace carillon::transport {

struct Admission {
  access::Requester requester;
  access::OriginKind origin = access::OriginKind::Absent;
  bool cookie_counts = false;  // see Request
  /// What every answer carries, errors included: the CORS fields of an allowed origin.
  std::vector<access::ResponseField> response_fields;
};

/// Empty for a Unix socket, and for a client whose forwarder does not tell.
std::optional<access::IpAddress> ip_address(const net::PeerAddress& peer);

/// Errors: a Problem that names the config key to set. Counted in the worker's probe.
Result<Admission, Problem> admit(Worker& worker, const Request& request, RouteKind kind);

}  // namespace carillon::transport
