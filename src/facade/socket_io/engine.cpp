#include "facade/socket_io/engine.hpp"

#include <chrono>
#include <stdexcept>
#include <utility>

#include "carillon/request.hpp"
#include "facade/guard.hpp"
#include "facade/header.hpp"
#include "facade/socket_io/admission.hpp"
#include "facade/socket_io/client.hpp"

namespace carillon::facade {
namespace {

using std::chrono::milliseconds;

void add_fields(const socket_io::Options& options, const transport::Request& request,
                transport::EngineAnswerTo what, transport::ResponseHead& head) {
  const Request asked(request);
  const socket_io::SetHeader set = [&](std::string_view name, std::string_view value) {
    add_header(head.fields, name, value);
  };
  if (options.initial_headers && what == transport::EngineAnswerTo::Handshake) {
    guarded("initial_headers", [&] { options.initial_headers(asked, set); });
  }
  if (options.headers) guarded("headers", [&] { options.headers(asked, set); });
}

transport::EngineOptions engine_options(const SocketIo& io) {
  const socket_io::Options& options = io.options();
  transport::EngineOptions engine{.times = {.heartbeat = {.ping_interval = options.ping_interval,
                                                          .ping_timeout = options.ping_timeout},
                                            .upgrade = options.upgrade_timeout},
                                  .max_payload_bytes = options.max_payload_bytes,
                                  .outbox_bytes = options.max_buffered_bytes,
                                  .origins = options.origins == Origins::Any
                                                 ? transport::RouteKind::Open
                                                 : transport::RouteKind::Stream,
                                  .polling = options.polling,
                                  .websocket = options.websocket,
                                  .upgrades = options.upgrades,
                                  .allow_eio3 = options.allow_eio3,
                                  .cookie = options.cookie};
  if (options.initial_headers || options.headers) {
    engine.add_fields = [&options](const transport::Request& request,
                                   transport::EngineAnswerTo what, transport::ResponseHead& head) {
      add_fields(options, request, what, head);
    };
  }
  return engine;
}

void open(SocketIo& io, transport::Worker& worker, transport::Exchange& exchange,
          transport::AdmitEngine admit) {
  admit(worker, exchange,
        [&io, &worker, handshake = SocketIoHandshake(exchange.request())](
            transport::EngineSession& session) mutable {
          return std::make_unique<SocketIoClient>(io, io.core().enter(worker), session,
                                                  std::move(handshake));
        });
}

void check_time(milliseconds time, milliseconds least, const char* name) {
  if (time >= least && time <= std::chrono::hours(24)) return;
  throw std::invalid_argument(std::string("socket_io::Options::") + name + " must be from " +
                              std::to_string(least.count()) + " milliseconds to 1 day");
}

}  // namespace

void check_options(const socket_io::Options& options) {
  constexpr milliseconds kLeastHeartbeat{200};
  constexpr milliseconds kLeast{1};
  check_time(options.ping_interval, kLeastHeartbeat, "ping_interval");
  check_time(options.ping_timeout, kLeastHeartbeat, "ping_timeout");
  check_time(options.upgrade_timeout, kLeast, "upgrade_timeout");
  check_time(options.connect_timeout, kLeast, "connect_timeout");
  if (options.max_payload_bytes == 0) {
    throw std::invalid_argument("socket_io::Options::max_payload_bytes must not be 0");
  }
  if (!options.polling && !options.websocket) {
    throw std::invalid_argument("socket_io::Options allow no transport");
  }
}

std::unique_ptr<transport::EngineServer> serve_socket_io(SocketIo& io) {
  Core& core = io.core();
  auto opening = [&io, &core](transport::Worker& worker, transport::Exchange& exchange,
                              transport::AdmitEngine admit) {
    Local& local = core.enter(worker);
    if (!io.options().allow_request) return open(io, worker, exchange, std::move(admit));
    ask_admission(core, local, exchange, io.options(),
                  [&io, admit = std::move(admit)](transport::Worker& at,
                                                  transport::Exchange& admitted) mutable {
                    open(io, at, admitted, std::move(admit));
                  });
  };
  transport::Workers workers;
  for (std::size_t i = 0; i < core.node().shard_count(); ++i) {
    workers.push_back(&core.node().shard(i).worker());
  }
  auto server =
      std::make_unique<transport::EngineServer>(engine_options(io), std::move(opening), workers);
  server->add_routes(core.node().router(), io.options().path);
  return server;
}

}  // namespace carillon::facade
