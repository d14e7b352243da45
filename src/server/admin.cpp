#include "server/admin.hpp"

#include <utility>

#include "server/metrics.hpp"
#include "server/metrics_text.hpp"
#include "server/readiness.hpp"
#include "transport/common/caller.hpp"
#include "transport/common/exchange.hpp"
#include "transport/common/problem.hpp"

namespace carillon::server {
namespace {

using transport::Exchange;
using transport::Worker;

void serve_health(Worker& /*worker*/, Exchange& exchange) {
  exchange.respond(
      transport::make_response(200, "text/plain", "ok\n").add("Cache-Control", "no-store"));
}

void serve_readiness(const cluster::durable::Journal* journal, Worker& worker, Exchange& exchange) {
  auto responder = std::make_unique<ReadinessCheck>(worker, exchange, journal);
  ReadinessCheck& check = *responder;
  exchange.attach(std::move(responder));
  check.start();
}

/// Counts on their way back to the reactor that was asked.
struct Collection {
  std::vector<ReactorCounts> counts;
  std::size_t missing;
};

void serve_metrics(const Shards& shards, const cluster::durable::Journal* journal, Worker& worker,
                   Exchange& exchange) {
  auto collection = std::make_shared<Collection>();
  collection->counts.resize(shards.size());
  collection->missing = shards.size();
  for (std::size_t i = 0; i < shards.size(); ++i) {
    Shard& shard = *shards[i];
    shard.reactor().post([&shard, &worker, journal, i, collection, handle = exchange.handle()] {
      worker.reactor().post(
          [&worker, journal, i, collection, handle, counts = counts_of(shard)]() mutable {
            collection->counts[i] = std::move(counts);
            if (--collection->missing > 0) return;
            Exchange* waiting = worker.find(handle);
            if (waiting == nullptr) return;
            waiting->respond(transport::make_response(200, kMetricsContentType,
                                                      metrics_text(collection->counts, journal))
                                 .add("Cache-Control", "no-store"));
          });
    });
  }
}

/// Lets a handler be reached by those only whom the access rules allow to observe.
transport::Handler guarded(transport::Handler handler, AdminAudience audience) {
  if (audience == AdminAudience::Everyone) return handler;
  return [handler = std::move(handler)](Worker& worker, Exchange& exchange) {
    const transport::Request& request = exchange.request();
    auto identity = transport::identity_of(worker, request);
    if (!identity) return exchange.respond(transport::problem_response(identity.error()));
    const transport::Caller caller =
        transport::caller_without_session(worker, request, *std::move(identity));
    auto allowed = transport::require(worker, caller, access::Action::Observe, {});
    if (!allowed) return exchange.respond(transport::problem_response(allowed.error()));
    handler(worker, exchange);
  };
}

}  // namespace

void add_admin_routes(transport::Router& router, const Shards& shards,
                      const cluster::durable::Journal* journal, AdminAudience audience) {
  router.add("GET", "/healthz", {.handler = serve_health});
  router.add("GET", "/readyz",
             {.handler = guarded(
                  [journal](Worker& worker, Exchange& exchange) {
                    serve_readiness(journal, worker, exchange);
                  },
                  audience)});
  router.add("GET", "/metrics",
             {.handler = guarded(
                  [&shards, journal](Worker& worker, Exchange& exchange) {
                    serve_metrics(shards, journal, worker, exchange);
                  },
                  audience)});
}

}  // namespace carillon::server
