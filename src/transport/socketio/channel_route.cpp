#include "transport/socketio/channel_route.hpp"

#include <utility>

#include "transport/common/caller.hpp"
#include "transport/common/introduction.hpp"
#include "transport/common/limiter.hpp"
#include "transport/common/problem.hpp"
#include "transport/socketio/channel_socket.hpp"

namespace carillon::transport {
namespace {

EngineOptions engine_options(const SocketIoSettings& settings) {
  return {.times = {.heartbeat = {.ping_interval = settings.ping_interval,
                                  .ping_timeout = settings.ping_timeout},
                    .upgrade = settings.upgrade_time},
          .max_payload_bytes = settings.max_payload_bytes,
          .outbox_bytes = settings.outbox_bytes,
          .allow_eio3 = settings.allow_eio3,
          .cookie = settings.cookie};
}

void open(Worker& worker, Exchange& exchange, access::Identity identity, AdmitEngine admit) {
  Caller caller = caller_without_session(worker, exchange.request(), std::move(identity));
  // Its polls may share one socket with those of others, or have many.
  if (exchange.request().parameter("transport") == "polling") caller.is_uncounted = true;
  auto seat = take_seat(worker, caller, Comes::Anew);
  if (!seat) return exchange.respond(problem_response(seat.error()));
  admit(worker, exchange,
        [caller = std::move(caller), seat = *std::move(seat)](EngineSession& session) mutable {
          return std::make_unique<ChannelSocket>(session, std::move(caller), std::move(seat));
        });
}

}  // namespace

std::unique_ptr<EngineServer> serve_channels(Router& router, const SocketIoSettings& settings,
                                             const Workers& workers) {
  const auto opening = [](Worker& worker, Exchange& exchange, AdmitEngine admit) {
    with_identity(
        worker, exchange, TransportKind::SocketIo,
        [admit = std::move(admit)](Worker& at, Exchange& asked, access::Identity identity) mutable {
          open(at, asked, std::move(identity), std::move(admit));
        });
  };
  auto server = std::make_unique<EngineServer>(engine_options(settings), opening, workers);
  server->add_routes(router, settings.path);
  return server;
}

}  // namespace carillon::transport
