// Liveness, readiness and metrics: what operators and orchestrators ask.
#pragma once

#include <memory>
#include <vector>

#include "server/shard.hpp"
#include "transport/common/router.hpp"

namespace carillon::server {

/// Whom `/readyz` and `/metrics` answer.
enum class AdminAudience {
  Local,     // loopback and Unix sockets, as the access rules say
  Everyone,  // on `[admin] listen`
};

/// `GET /healthz` (for anyone), `GET /readyz`, `GET /metrics`.
/// Lifetime: `shards` outlives the router; it may be filled later.
/// `journal` may be null.
void add_admin_routes(transport::Router& router, const Shards& shards,
                      const cluster::durable::Journal* journal, AdminAudience audience);

}  // namespace carillon::server
