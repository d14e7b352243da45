#include "server/server.hpp"

#include <algorithm>
#include <atomic>
#include <csignal>
#include <cstdlib>
#include <exception>
#include <memory>
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
#include "server/descriptors.hpp"
#include "server/pages.hpp"
#include "server/secret.hpp"
#include "server/settings.hpp"
#include "server/shard.hpp"
#include "transport/common/problem.hpp"
#include "transport/http1/connection.hpp"
#include "transport/http_api/routes.hpp"
#include "transport/longpoll/long_poll.hpp"
#include "transport/polling/polling.hpp"
#include "transport/sse/event_stream.hpp"
#include "transport/websocket/upgrade.hpp"

namespace carillon::server {
namespace {

/// Sent to whom no descriptor or no place is left for; the peer's request is not even read.
std::string refusal_text() {
  transport::Response response = transport::problem_response(
      {.code = native::ProblemCode::TooManyConnections, .detail = "the server is full"});
  response.add("Retry-After", "5");
  std::string text;
  http1::append_response_head(text, response.head,
                              http1::Framing::content_length(response.body.size()),
                              {.persistence = http1::Persistence::Close, .date = {}});
  return text.append(response.body.view());
}

/// Clients are asked to come back within this part of the time that draining may take.
constexpr int kSpreadPart = 4;

class Server {
 public:
  explicit Server(const Config& config);

  void run();

 private:
  enum class Audience { Public, Admin };

  void add_routes();
  void listen(const std::vector<std::string>& addresses, Audience audience);
  net::AcceptHandler accept_handler(Audience audience);
  std::size_t connection_count() const;
  net::Reception room_for_one() const;
  void on_signal(int signal);
  void drain();
  void watch_drain(Shard& shard, TimePoint deadline);

  const Config& config_;
  net::ReactorPool pool_;
  SharedParts shared_;
  Shards shards_;
  const std::string refusal_ = refusal_text();
  std::size_t descriptor_room_ = 0;  // connections that the process has descriptors for
  std::atomic<std::size_t> undrained_{0};
  bool draining_ = false;  // reactor 0's
};

std::size_t reactor_count(const Config& config) {
  if (config.server.reactors > 0) return config.server.reactors;
  return std::max<std::size_t>(1, std::thread::hardware_concurrency());
}

Server::Server(const Config& config)
    : config_(config),
      pool_(reactor_count(config), reactor_options(config)),
      shared_{.reactor_count = pool_.size(),
              .namespaces = namespace_table(config),
              .budget = cluster::SharedBudget(budget_limits(config)),
              .settings = transport_settings(config, session_secret(config.server))} {
  shared_.admin_settings = admin_settings(shared_.settings);
  shared_.peers.hubs.resize(pool_.size());
  shared_.peers.homes.resize(pool_.size());
  shared_.peers.session_directories.resize(pool_.size());
  add_routes();
  for (std::size_t i = 0; i < pool_.size(); ++i) {
    shards_.push_back(std::make_unique<Shard>(pool_.reactor(i), shared_));
  }
}

void Server::add_routes() {
  transport::Router& router = shared_.router;
  transport::add_http_api_routes(router, shared_.settings);
  transport::add_polling_routes(router);
  transport::add_long_poll_routes(router);
  transport::add_event_routes(router);
  transport::add_websocket_routes(router);
  add_pages(router);
  add_admin_routes(router, shards_, AdminAudience::Local);
  add_admin_routes(shared_.admin_router, shards_, AdminAudience::Everyone);
}

void Server::run() {
  listen(config_.server.listen, Audience::Public);
  listen(config_.admin.listen, Audience::Admin);
  net::SignalWatch signals(pool_.reactor(0), [this](int signal) { on_signal(signal); });
  descriptor_room_ = connections_that_fit(pool_.size());
  pool_.start();
  pool_.join();
}

void Server::listen(const std::vector<std::string>& addresses, Audience audience) {
  for (const std::string& text : addresses) {
    auto sets = net::listen_on(text, pool_.size());
    if (!sets) throw std::runtime_error(sets.error());
    for (const net::ListenSet& set : *sets) {
      for (std::size_t i = 0; i < pool_.size(); ++i) {
        shards_[i]->add_listener(std::make_unique<net::Listener>(
            pool_.reactor(i), set.per_reactor[i], accept_handler(audience),
            net::ListenerOptions{.refusal = refusal_}));
      }
      log::info("listening on {}{}{}", set.address.is_unix() ? "" : "http://",
                set.address.to_text(), audience == Audience::Admin ? " (admin)" : "");
    }
  }
}

net::AcceptHandler Server::accept_handler(Audience audience) {
  auto make_connection = std::make_shared<const net::HandlerFactory>(
      [this, audience](net::Stream& stream) -> std::unique_ptr<net::StreamHandler> {
        Shard& shard = *shards_[stream.reactor().index()];
        transport::Worker& worker =
            audience == Audience::Admin ? shard.admin_worker() : shard.worker();
        return std::make_unique<transport::Http1Connection>(worker, stream);
      });
  return [this, make_connection](net::Reactor& reactor, net::UniqueFd&& socket,
                                 const net::PeerAddress& peer) {
    const net::Reception reception = room_for_one();
    if (reception == net::Reception::Taken) {
      pool_.place(reactor, std::move(socket), peer, make_connection);
    }
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
  const std::size_t limit = config_.limits.connections;
  if (limit > 0 && count >= limit) return net::Reception::Full;
  return count < descriptor_room_ ? net::Reception::Taken : net::Reception::NoDescriptor;
}

// --- The end ----------------------------------------------------------------------------------

void Server::on_signal(int signal) {
  if (signal == SIGHUP) {
    log::warn("SIGHUP: settings are read at the start only; restart to apply changes");
    return;
  }
  if (std::exchange(draining_, true)) {
    log::warn("a second signal: exiting at once");
    std::_Exit(128 + signal);
  }
  log::info("draining: telling clients to reconnect, exiting within {} s",
            config_.server.drain.count());
  drain();
}

void Server::drain() {
  undrained_ = shards_.size();
  const Duration limit = config_.server.drain;
  for (const auto& owned : shards_) {
    Shard* shard = owned.get();
    shard->reactor().post([this, shard, limit] {
      shard->drain(limit / kSpreadPart);
      watch_drain(*shard, shard->reactor().now() + limit);
    });
  }
}

/// Looks from time to time whether the last connection of a reactor has gone; stops the pool when
/// that is so everywhere, or time is up.
void Server::watch_drain(Shard& shard, TimePoint deadline) {
  net::Reactor& reactor = shard.reactor();
  if (reactor.stream_count() > 0 && reactor.now() < deadline) {
    reactor.after(std::chrono::milliseconds(20),
                  [this, &shard, deadline] { watch_drain(shard, deadline); });
    return;
  }
  if (--undrained_ == 0) pool_.stop();
}

}  // namespace

int serve(const Config& config) {
  try {
    set_up_logging(config.server.log_format, config.server.log_level);
    net::prepare_signals();
    raise_descriptor_limit();
    Server server(config);
    server.run();
    log::info("stopped");
    return 0;
  } catch (const std::exception& error) {
    log::error("cannot serve: {}", error.what());
    return 1;
  }
}

}  // namespace carillon::server
