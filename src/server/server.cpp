#include "server/server.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <exception>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "core/log.hpp"
#include "net/listen_socket.hpp"
#include "net/reactor_pool.hpp"
#include "net/signals.hpp"
#include "server/admin.hpp"
#include "server/config_reload.hpp"
#include "server/descriptors.hpp"
#include "server/pages.hpp"
#include "server/secret.hpp"
#include "server/settings.hpp"
#include "server/shard.hpp"
#include "server/tls_files.hpp"
#include "server/token_keys.hpp"
#include "server/turn_settings.hpp"
#include "transport/common/limiter.hpp"
#include "transport/common/problem.hpp"
#include "transport/http_api/routes.hpp"
#include "transport/lab/lab.hpp"
#include "transport/longpoll/long_poll.hpp"
#include "transport/polling/polling.hpp"
#include "transport/socketio/channel_route.hpp"
#include "transport/sse/event_stream.hpp"
#include "transport/websocket/upgrade.hpp"

namespace carillon::server {
namespace {

/// An answer that ends its connection, for whom no request is read.
std::string whole_answer(const transport::Response& response) {
  std::string text;
  http1::append_response_head(text, response.head,
                              http1::Framing::content_length(response.body.size()),
                              {.persistence = http1::Persistence::Close, .date = {}});
  return text.append(response.body.view());
}

/// Sent to whom no descriptor or no place is left for; the peer's request is not even read.
std::string refusal_text(std::string detail) {
  transport::Response response = transport::problem_response(
      {.code = native::ProblemCode::TooManyConnections, .detail = std::move(detail)});
  response.add("Retry-After", "5");
  return whole_answer(response);
}

/// What a peer gets that speaks plain HTTP where TLS is spoken.
std::string plain_answer_text() {
  return whole_answer(transport::problem_response(
      native::ProblemCode::BadRequest,
      "this port speaks https: ask again with https:// in front of the address", 400));
}

std::string announcement(const net::Address& address, Security security) {
  const std::string text = address.to_text();
  if (security == Security::Tls) return "https://" + text;
  return address.is_unix() ? text : "http://" + text;
}

/// Clients are asked to come back within this part of the time that draining may take.
constexpr int kSpreadPart = 4;

std::size_t reactor_count(const Config& config) {
  if (config.server.reactors > 0) return config.server.reactors;
  return std::max<std::size_t>(1, std::thread::hardware_concurrency());
}

Timestamp wall_clock() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return {std::chrono::duration_cast<std::chrono::microseconds>(now).count()};
}

std::unique_ptr<cluster::durable::HistoryKeeper> open_keeper(const Config& config,
                                                             const LiveSettings& live,
                                                             std::size_t home_count) {
  auto keeper = cluster::durable::HistoryKeeper::open(
      keeper_settings(config, live.namespaces, home_count), wall_clock());
  if (!keeper) throw std::runtime_error(keeper.error());
  return *std::move(keeper);
}

/// Whether settings lie in files beside, which may have changed.
bool names_files(const Config& config) {
  return !config.tokens.keys.empty() ||
         std::ranges::any_of(config.namespaces,
                             [](const auto& each) { return !each.second.schema.empty(); });
}

}  // namespace

Server::Server(const Config& config, PageSet pages, ConfigLoader reload)
    : config_(config),
      reload_(std::move(reload)),
      connection_limit_(config.limits.connections),
      pool_(reactor_count(config), pool_options(config)),
      secret_(session_secret(config.server)),
      refusal_(refusal_text("the server is full")),
      limited_refusal_(refusal_text("this address, or all together, have or open as many "
                                    "connections as [limits] allows")),
      remote_keys_(pool_.reactor(0), lookups_),
      shared_{.reactor_count = pool_.size(),
              .limits = limits_,
              .budget = cluster::SharedBudget(budget_limits(config)),
              .live = live_settings(config, secret_, {}),
              .lookups = lookups_,
              .key_source = &remote_keys_},
      tls_(config_, shards_) {
  keeper_ = open_keeper(config, shared_.live, pool_.size());
  shared_.origin = keeper_->origin();
  shared_.journal = keeper_->journal();
  shared_.make_places();
  if (config.history.durability != Durability::None) {
    // The keeper holds the data directory for this process alone.
    shared_.revocations = std::make_unique<RevocationLog>(config.server.data_dir, wall_clock());
  }
  if (uses_turn(config.turn)) {
    shared_.turn = std::make_unique<transport::TurnShared>(turn_settings(config.turn));
  }
  add_routes(pages);
  for (std::size_t i = 0; i < pool_.size(); ++i) {
    shards_.push_back(std::make_unique<Shard>(pool_.reactor(i), shared_));
    shards_.back()->tls_entrance().set_plain_answer(plain_answer_text());
  }
  const transport::SocketIoSettings& socketio = shared_.live.transport.socketio;
  if (!socketio.path.empty()) {
    socketio_ = transport::serve_channels(shared_.router, socketio, shared_.workers);
  }
  // Last: it goes around all of them.
  if (config_.pages.lab == LabHooks::On) transport::add_lab(shared_.router, pool_.size());
  keeper_->restore(homes());
  if (config.pages.demo == DemoData::On) {
    demo_ = std::make_unique<Demo>(pool_.reactor(0), shards_[0]->hub());
  }
}

net::ReactorOptions Server::pool_options(const Config& config) {
  net::ReactorOptions options = reactor_options(config);
  options.on_counted_gone = [this](const net::PeerAddress& peer) {
    transport::leave_door(limits_, peer);
  };
  return options;
}

std::vector<cluster::MemoryBroker*> Server::homes() {
  std::vector<cluster::MemoryBroker*> homes;
  for (const auto& shard : shards_) homes.push_back(&shard->broker());
  return homes;
}

void Server::add_routes(PageSet pages) {
  transport::Router& router = shared_.router;
  transport::add_http_api_routes(router, shared_.live.transport);
  transport::add_rtc_routes(router, shared_.relay_doors);
  transport::add_polling_routes(router);
  transport::add_long_poll_routes(router);
  transport::add_event_routes(router);
  transport::add_websocket_routes(router);
  if (pages == PageSet::Own) add_pages(router);
  add_admin_routes(router, shards_, shared_.journal, AdminAudience::Local);
  add_admin_routes(shared_.admin_router, shards_, shared_.journal, AdminAudience::Everyone);
}

std::vector<std::string> Server::listen() {
  if (listening_) return addresses_;
  raise_descriptor_limit();
  // All or none: who calls again after a failure finds no half of it.
  const auto open_sets = bind(config_.server.listen, Audience::Public);
  const auto admin_sets = bind(config_.admin.listen, Audience::Admin);
  const auto redirect_sets = bind(config_.tls.redirect_listen, Audience::Redirect);
  auto turn_doors = bind_turn();
  auto turn_tls_doors = bind(config_.turn.tls_listen, Audience::Turn);
  for (Door& door : turn_tls_doors) door.security = Security::Tls;
  tls_.start();
  listen(open_sets, Audience::Public);
  listen(admin_sets, Audience::Admin);
  listen(redirect_sets, Audience::Redirect);
  listen(std::move(turn_doors));
  listen(turn_tls_doors, Audience::Turn);
  listening_ = true;
  return addresses_;
}

void Server::run(SignalUse signal_use) {
  listen();
  std::optional<net::SignalWatch> signals;
  if (signal_use == SignalUse::Obey) {
    signals.emplace(pool_.reactor(0), [this](int signal) { on_signal(signal); });
  }
  if (const auto begun = keeper_->begin(); !begun) throw std::runtime_error(begun.error());
  descriptor_room_ = connections_that_fit(pool_.size());
  if (shared_.turn) descriptor_room_ -= std::min(config_.turn.allocations, descriptor_room_ / 2);
  remote_keys_.begin(shards_[0]->worker().probe(), [this] { use_fetched_keys(); });
  remote_keys_.use(config_.tokens);
  try {
    pool_.start();
    pool_.join();
  } catch (...) {
    // The files that were read are gone by now, and reactors that did start use the shards.
    pool_.stop();
    pool_.join();
    [[maybe_unused]] const auto kept = keeper_->close(homes());
    throw;
  }
  if (const auto kept = keeper_->close(homes()); !kept) throw std::runtime_error(kept.error());
}

void Server::stop() {
  pool_.reactor(0).post_control([this] {
    if (!std::exchange(draining_, true)) drain();
  });
}

hub::WireFormId Server::add_wire_form(std::string_view name, const EncoderMaker& make_encoder) {
  hub::WireFormId form;
  for (const auto& shard : shards_) form = shard->add_wire_form(name, make_encoder(*shard));
  return form;
}

std::vector<Server::Door> Server::bind(const std::vector<std::string>& addresses,
                                       Audience audience) const {
  std::vector<Door> doors;
  for (const std::string& text : addresses) {
    const ListenText parts = split_listen(text);
    auto sets = net::listen_on(parts.address, pool_.size());
    if (!sets) throw std::runtime_error(sets.error());
    for (net::ListenSet& set : *sets) {
      doors.push_back({.set = std::move(set),
                       .opening = opening_at(text, audience),
                       .security = parts.security});
    }
  }
  return doors;
}

Opening Server::opening_at(const std::string& address, Audience audience) const {
  const auto& forwarded = config_.server.proxy_protocol;
  const bool is_one =
      audience == Audience::Public && std::ranges::find(forwarded, address) != forwarded.end();
  return is_one ? Opening::Forwarded : Opening::Direct;
}

std::vector<TurnDoor> Server::bind_turn() const {
  std::vector<TurnDoor> doors;
  for (const std::string& address : config_.turn.listen) {
    auto opened = open_turn_doors(address, pool_.size());
    if (!opened) throw std::runtime_error(opened.error());
    for (TurnDoor& door : *opened) doors.push_back(std::move(door));
  }
  return doors;
}

void Server::listen(std::vector<TurnDoor> doors) {
  for (TurnDoor& door : doors) {
    sockaddr_storage storage{};
    door.tcp.address.to_socket(storage);
    const auto address = net::DatagramAddress::from(reinterpret_cast<const sockaddr*>(&storage));
    for (std::size_t i = 0; i < pool_.size(); ++i) {
      shards_[i]->turn()->add_listener(std::move(door.udp[i]), address);
    }
    listen({Door{.set = std::move(door.tcp)}}, Audience::Turn);
  }
}

void Server::listen(const std::vector<Door>& doors, Audience audience) {
  for (const Door& door : doors) {
    // A refusal in HTTP is for those who speak it, and see it.
    const bool is_silent = door.security == Security::Tls || audience == Audience::Turn;
    for (std::size_t i = 0; i < pool_.size(); ++i) {
      shards_[i]->add_listener(std::make_unique<net::Listener>(
          pool_.reactor(i), door.set.per_reactor[i], accept_handler(door, audience),
          is_silent
              ? net::ListenerOptions{}
              : net::ListenerOptions{.refusal = refusal_, .limited_refusal = limited_refusal_}));
    }
    announce(door, audience);
  }
}

void Server::announce(const Door& door, Audience audience) {
  if (audience == Audience::Turn) {
    const bool is_tls = door.security == Security::Tls;
    transport::add_door(
        shared_.relay_doors,
        {.port = door.set.address.port(),
         .kind = is_tls ? transport::RelayDoor::Kind::Tls : transport::RelayDoor::Kind::UdpAndTcp});
    return log::info("listening on {}:{} ({})", is_tls ? "turns" : "turn",
                     door.set.address.to_text(), is_tls ? "TLS" : "UDP and TCP");
  }
  addresses_.push_back(announcement(door.set.address, door.security));
  log::info("listening on {}{}{}", addresses_.back(),
            audience == Audience::Admin      ? " (admin)"
            : audience == Audience::Redirect ? " (redirects to https)"
                                             : "",
            door.opening == Opening::Forwarded ? " (PROXY protocol)" : "");
}

net::AcceptHandler Server::accept_handler(const Door& door, Audience audience) {
  const Entrance entrance{.audience = audience, .opening = door.opening, .security = door.security};
  return [this, audience, make_connection = open_entrance(entrance, shards_, config_.http.h2c)](
             net::Reactor& reactor, net::UniqueFd&& socket, net::PeerAddress peer) {
    const net::Reception reception = room_for_one();
    if (reception != net::Reception::Taken) return reception;
    transport::Worker& worker = shards_[reactor.index()]->worker();
    if (audience != Audience::Admin &&
        !transport::enter_door(worker, peer, transport::Told::BySocket)) {
      return net::Reception::Limited;
    }
    pool_.place(reactor, std::move(socket), peer, make_connection);
    return reception;
  };
}

std::size_t Server::connection_count() const {
  std::size_t count = 0;
  for (std::size_t i = 0; i < pool_.size(); ++i) count += pool_.connection_count(i);
  return count;
}

net::Reception Server::room_for_one() const {
  const std::size_t count = connection_count();
  const std::size_t limit = connection_limit_.load(std::memory_order_relaxed);
  if (limit > 0 && count >= limit) return net::Reception::Full;
  return count < descriptor_room_ ? net::Reception::Taken : net::Reception::NoDescriptor;
}

// --- Signals ----------------------------------------------------------------------------------

void Server::on_signal(int signal) {
  if (signal == SIGHUP) return reload();
  if (std::exchange(draining_, true)) {
    log::warn("a second signal: exiting at once");
    std::_Exit(128 + signal);
  }
  log::info("draining: telling clients to reconnect, exiting within {} s",
            config_.server.drain.count());
  drain();
}

void Server::reload() {
  if (!reload_) return log::warn("SIGHUP: there is no file of settings to read again");
  const auto wanted = reload_();
  if (!wanted) {
    for (const ConfigProblem& problem : wanted.error()) log::error("{}", to_text(problem));
    log::error("SIGHUP: the settings stay as they were; mend the above and send it again");
    return;
  }
  const ConfigChange change = change_config(config_, *wanted);
  for (const std::string& line : change.kept) {
    log::warn("SIGHUP: {}: it is read at the start only, so restart to change it", line);
  }
  for (const std::string& line : change.changes) log::info("SIGHUP: {}", line);
  // What is kept may not go with what changes.
  if (const std::string problem = tls_problem(change.config); !problem.empty()) {
    log::error("{}", problem);
    log::error("SIGHUP: the settings stay as they were: restart to change them together");
    return;
  }
  if (!change.changes.empty() || names_files(change.config)) use(change.config);
  tls_.reload();
  log::info("SIGHUP: done, {} settings changed", change.changes.size());
}

/// Every reactor takes it over at a moment of its own.
void Server::use(const Config& config) {
  config_ = config;
  connection_limit_ = config.limits.connections;
  set_log_level(config.server.log_level);
  remote_keys_.use(config.tokens);
  const auto live =
      std::make_shared<const LiveSettings>(live_settings(config, secret_, remote_keys_.keys()));
  if (shared_.journal != nullptr) shared_.journal->use(live->namespaces);
  for (const auto& owned : shards_) {
    owned->reactor().post_control([shard = owned.get(), live] { shard->use(*live); });
  }
}

void Server::use_fetched_keys() {
  const auto rules = token_rules(config_.tokens, remote_keys_.keys());
  for (const auto& owned : shards_) {
    owned->reactor().post_control([shard = owned.get(), rules] { shard->use(rules); });
  }
}

// --- The end ----------------------------------------------------------------------------------

void Server::drain() {
  remote_keys_.stop();
  undrained_ = shards_.size();
  const Duration limit = config_.server.drain;
  for (const auto& owned : shards_) {
    Shard* shard = owned.get();
    shard->reactor().post_control([this, shard, limit] {
      shard->drain(limit / kSpreadPart);
      watch_drain(*shard, shard->reactor().now() + limit);
    });
  }
}

/// Looks from time to time whether the last connection of a reactor has gone; stops the pool when
/// that is so everywhere, or time is up.
void Server::watch_drain(Shard& shard, TimePoint deadline) {
  net::Reactor& reactor = shard.reactor();
  // Clients of the relay cannot be told to come back: they are served as long as there are others.
  const std::size_t relayed = shard.turn() != nullptr ? shard.turn()->connection_count() : 0;
  if (reactor.stream_count() > relayed && reactor.now() < deadline) {
    reactor.after(std::chrono::milliseconds(20),
                  [this, &shard, deadline] { watch_drain(shard, deadline); });
    return;
  }
  if (--undrained_ == 0) pool_.stop();
}

int serve(const Config& config, ConfigLoader reload) {
  try {
    set_up_logging(config.server.log_format, config.server.log_level);
    const net::PreparedSignals signals;
    Server server(config, PageSet::Own, std::move(reload));
    server.run(SignalUse::Obey);
    log::info("stopped");
    return 0;
  } catch (const std::exception& error) {
    log::error("cannot serve: {}", error.what());
    return 1;
  }
}

}  // namespace carillon::server
