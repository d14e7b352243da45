// The public Server, over the core.
#include "carillon/server.hpp"

#include <stdexcept>
#include <utility>

#include "facade/core.hpp"
#include "facade/event_stream.hpp"
#include "facade/publish.hpp"
#include "facade/response.hpp"
#include "facade/settings.hpp"
#include "facade/socket_io/engine.hpp"
#include "facade/socket_io/io.hpp"
#include "facade/web_socket.hpp"
#include "protocol/native/channel_name.hpp"

namespace carillon {
namespace {

void require_text(bool is_right, const char* message) {
  if (!is_right) throw std::invalid_argument(message);
}

hub::SubscribeStart start_of(std::string_view after) {
  if (after.empty()) return hub::Live{};
  const auto position = parse_position(after);
  require_text(position.has_value(), "ChannelOptions::after is no position");
  return hub::After{*position};
}

/// What is longer than the clock can count is as long as it can.
Duration bounded(std::chrono::milliseconds time) {
  return std::clamp<std::chrono::milliseconds>(time, std::chrono::milliseconds(0),
                                               facade::kLongestTime);
}

}  // namespace

/// Routes are kept here: the router's handlers refer to them.
class __attribute__((visibility("hidden"))) Server::Implementation {
 public:
  explicit Implementation(const ServerOptions& options) : core(options), signals(options.signals) {}

  void add(std::string_view method, std::string_view path, transport::Route route) {
    if (auto added = core.node().router().try_add(method, path, std::move(route)); !added) {
      throw std::invalid_argument(added.error());
    }
  }

  TimerId start_timer(Duration delay, Duration period, std::function<void()> task) {
    const TimerId timer{core.make_number()};
    const bool started = core.run_at(
        timer.number, [timer, delay, period, task = std::move(task)](facade::Local& local) mutable {
          local.timers().start(timer.number, delay, period, std::move(task));
        });
    return started ? timer : TimerId{};
  }

  /// Socket.IO at one path: its engine refers to the other, and goes first.
  struct ServedSocketIo {
    std::unique_ptr<facade::SocketIo> io;
    std::unique_ptr<transport::EngineServer> engine;
  };

  facade::Core core;
  const Signals signals;
  std::vector<ServedSocketIo> socket_ios;
};

Server::Server(const ServerOptions& options)
    : implementation_(std::make_unique<Implementation>(options)) {}

Server::~Server() = default;

// --- Routes -----------------------------------------------------------------------------------

void Server::route(std::string_view method, std::string_view path,
                   std::function<void(const Request&, Response&)> handler, RouteOptions options) {
  facade::check_time(options.answer_time, std::chrono::seconds(1), "RouteOptions::answer_time");
  facade::Core& core = implementation_->core;
  const std::uint64_t body = options.max_body_bytes;
  implementation_->add(method, path,
                       {.handler =
                            [&core, options, handler = std::move(handler)](
                                transport::Worker& worker, transport::Exchange& exchange) {
                              facade::serve_application(core.enter(worker), exchange, handler,
                                                        options);
                            },
                        .body_limit_bytes = body});
}

void Server::web_socket(std::string_view path, WebSocketOptions options) {
  facade::Core& core = implementation_->core;
  const auto settings = facade::settings_of(options, core.settings().websocket);
  if (options.compression == Compression::On) core.compress_frames();
  const auto kind =
      options.origins == Origins::Any ? transport::RouteKind::Open : transport::RouteKind::Stream;
  const auto route = std::make_shared<const facade::WebSocketRoute>(
      facade::WebSocketRoute{.core = core, .options = std::move(options), .settings = settings});
  implementation_->add("GET", path,
                       {.handler =
                            [route](transport::Worker& worker, transport::Exchange& exchange) {
                              facade::serve_web_socket(route->core.enter(worker), exchange, *route);
                            },
                        .kind = kind,
                        .takes_upgrades = true});
}

void Server::event_stream(std::string_view path, EventStreamOptions options) {
  facade::check_time(options.heartbeat, std::chrono::seconds(1), "EventStreamOptions::heartbeat");
  facade::Core& core = implementation_->core;
  const auto kind =
      options.origins == Origins::Any ? transport::RouteKind::Open : transport::RouteKind::Stream;
  const auto route = std::make_shared<const facade::EventStreamRoute>(
      facade::EventStreamRoute{.core = core, .options = std::move(options)});
  implementation_->add("GET", path,
                       {.handler =
                            [route](transport::Worker& worker, transport::Exchange& exchange) {
                              facade::serve_event_stream(route->core.enter(worker), exchange,
                                                         *route);
                            },
                        .kind = kind});
}

socket_io::Server& Server::socket_io(const carillon::socket_io::Options& options) {
  facade::check_options(options);
  auto io = std::make_unique<facade::SocketIo>(implementation_->core, options);
  auto engine = facade::serve_socket_io(*io);
  facade::SocketIo& served = *io;
  implementation_->socket_ios.push_back({.io = std::move(io), .engine = std::move(engine)});
  return served;
}

// --- Running ----------------------------------------------------------------------------------

std::vector<std::string> Server::listen() {
  return implementation_->core.node().listen();
}

void Server::run() {
  for (const auto& each : implementation_->socket_ios) each.io->begin();
  implementation_->core.node().run(implementation_->signals == Signals::Stop
                                       ? server::SignalUse::Obey
                                       : server::SignalUse::None);
  implementation_->core.release_signals();
}

void Server::stop() {
  implementation_->core.node().stop();
}

// --- Tasks and timers -------------------------------------------------------------------------

bool Server::post(std::function<void()> task) {
  return implementation_->core.post_to(0, [task = std::move(task)](facade::Local&) { task(); });
}

bool Server::post(WebSocketId id, std::function<void(WebSocket&)> task) {
  return implementation_->core.post_to(id, std::move(task));
}

bool Server::post(EventStreamId id, std::function<void(EventStream&)> task) {
  return implementation_->core.post_to(id, std::move(task));
}

bool Server::post(ResponseId id, std::function<void(Response&)> task) {
  return implementation_->core.post_to(id, std::move(task));
}

TimerId Server::after(std::chrono::milliseconds delay, std::function<void()> task) {
  return implementation_->start_timer(bounded(delay), Duration::zero(), std::move(task));
}

TimerId Server::every(std::chrono::milliseconds period, std::function<void()> task) {
  const Duration least = std::max(bounded(period), facade::kShortestPeriod);
  return implementation_->start_timer(least, least, std::move(task));
}

void Server::cancel(TimerId timer) {
  if (timer.number == 0) return;
  implementation_->core.end_at(
      timer.number, [timer](facade::Local& local) { local.timers().cancel(timer.number); });
}

// --- Clients by id ----------------------------------------------------------------------------

bool Server::send(WebSocketId id, std::string_view data, MessageKind kind) {
  facade::Core& core = implementation_->core;
  facade::Local* local = core.here();
  if (local != nullptr && local->index() == id.reactor) {
    WebSocket* socket = local->find(id);
    return socket != nullptr && socket->send(data, kind);
  }
  return core.post_to(
      id, [data = std::string(data), kind](WebSocket& socket) { socket.send(data, kind); },
      data.size());
}

bool Server::send(EventStreamId id, const Event& event) {
  facade::Core& core = implementation_->core;
  facade::Local* local = core.here();
  if (local != nullptr && local->index() == id.reactor) {
    EventStream* stream = local->find(id);
    return stream != nullptr && stream->send(event);
  }
  const auto event_id = event.id ? std::optional<std::string>(*event.id) : std::nullopt;
  return core.post_to(
      id,
      [data = std::string(event.data), name = std::string(event.event), event_id,
       retry = event.retry](EventStream& stream) {
        stream.send({.data = data, .event = name, .id = event_id, .retry = retry});
      },
      event.data.size() + event.event.size() + (event_id ? event_id->size() : 0));
}

// --- Channels ---------------------------------------------------------------------------------

bool Server::publish(std::string_view channel, std::string_view data, PublishOptions options,
                     std::function<void(const PublishResult&)> done) {
  return facade::publish(implementation_->core, channel, data, options, std::move(done));
}

SubscriptionId Server::subscribe(std::string_view channel, ChannelOptions options) {
  require_text(native::is_channel_name(channel), "what is to be subscribed to is no channel name");
  facade::Core& core = implementation_->core;
  const SubscriptionId id{core.make_number()};
  const hub::SubscribeStart start = start_of(options.after);
  const bool begun =
      core.run_at(id.number, [id, channel = std::string(channel), start,
                              options = std::move(options)](facade::Local& local) mutable {
        local.listeners().add(local, id.number, std::move(channel), start, std::move(options));
      });
  return begun ? id : SubscriptionId{};
}

SubscriptionId Server::subscribe(std::string_view channel,
                                 std::function<void(const Publication&)> on_publication) {
  return subscribe(channel, ChannelOptions{.on_publication = std::move(on_publication)});
}

void Server::unsubscribe(SubscriptionId id) {
  implementation_->core.end_at(
      id.number, [id](facade::Local& local) { local.listeners().remove(local, id.number); });
}

}  // namespace carillon
