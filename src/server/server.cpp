#include "server/server.hpp"

#include <sys/resource.h>
#include <sys/socket.h>

#include <algorithm>
#include <atomic>
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
#include "server/pages.hpp"
#include "server/secret.hpp"
#include "server/settings.hpp"
#include "server/shard.hpp"
#include "transport/common/problem.hpp"
#include "transport/common/publication_json.hpp"
#include "transport/http1/connection.hpp"
#include "transport/http_api/routes.hpp"
#include "transport/longpoll/long_poll.hpp"
#include "transport/polling/polling.hpp"
#include "transport/sse/event_stream.hpp"
#include "transport/sse/wire_form.hpp"
#include "transport/websocket/upgrade.hpp"
#include "transport/websocket/wire_form.hpp"

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

std::size_t reactor_count(const Config& config) {
  if (config.server.reactors > 0) return config.server.reactors;
  return std::max<std::size_t>(1, std::thread::hardware_concurrency());
}

transport::WireFormIds add_wire_forms(hub::WireForms& forms) {
  return {.list_item = forms.add("poll", transport::encode_list_item),
          .event = forms.add("sse", transport::encode_event),
          .event_id = forms.add("sse_id", transport::encode_event_with_id),
          .text_frame = forms.add("websocket", transport::encode_text_frame)};
}

/// The soft limit on descriptors is a default for programs that use select(); we do not.
void raise_descriptor_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace

Server::Server(const Config& config, PageSet pages)
    : config_(config),
      refusal_(refusal_text()),
      pool_(reactor_count(config), {.write_time_limit = config.http.write}),
      shared_{.reactor_count = pool_.size(),
              .namespaces = namespace_table(config),
              .budget = cluster::SharedBudget(budget_limits(config)),
              .settings = transport_settings(config, session_secret(config.server))} {
  shared_.admin_settings = admin_settings(shared_.settings);
  shared_.wire_form_ids = add_wire_forms(shared_.wire_forms);
  shared_.peers.hubs.resize(pool_.size());
  shared_.peers.homes.resize(pool_.size());
  shared_.peers.session_directories.resize(pool_.size());
  add_routes(pages);
  for (std::size_t i = 0; i < pool_.size(); ++i) {
    shards_.push_back(std::make_unique<Shard>(pool_.reactor(i), shared_));
  }
}

void Server::add_routes(PageSet pages) {
  transport::Router& router = shared_.router;
  transport::add_http_api_routes(router, shared_.settings);
  transport::add_polling_routes(router);
  transport::add_long_poll_routes(router);
  transport::add_event_routes(router);
  transport::add_websocket_routes(router);
  if (pages == PageSet::Own) add_pages(router);
  add_admin_routes(router, shards_, AdminAudience::Local);
  add_admin_routes(shared_.admin_router, shards_, AdminAudience::Everyone);
}

std::vector<std::string> Server::listen() {
  if (!std::exchange(listening_, true)) {
    listen(config_.server.listen, Audience::Public);
    listen(config_.admin.listen, Audience::Admin);
  }
  return addresses_;
}

void Server::run(SignalUse signal_use) {
  raise_descriptor_limit();
  listen();
  std::optional<net::SignalWatch> signals;
  if (signal_use == SignalUse::Stop) {
    signals.emplace(pool_.reactor(0), [this](int signal) { on_signal(signal); });
  }
  pool_.start();
  pool_.join();
}

void Server::stop() {
  pool_.reactor(0).post([this] {
    if (!std::exchange(draining_, true)) drain();
  });
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
      addresses_.push_back((set.address.is_unix() ? "" : "http://") + set.address.to_text());
      log::info("listening on {}{}", addresses_.back(),
                audience == Audience::Admin ? " (admin)" : "");
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
  return [this, make_connection](net::Reactor& reactor, net::UniqueFd socket,
                                 const net::PeerAddress& peer) {
    if (is_full()) {
      ::send(socket.get(), refusal_.data(), refusal_.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
      return;
    }
    pool_.place(reactor, std::move(socket), peer, make_connection);
  };
}

bool Server::is_full() const {
  const std::size_t limit = config_.limits.connections;
  if (limit == 0) return false;
  std::size_t count = 0;
  for (std::size_t i = 0; i < pool_.size(); ++i) count += pool_.connection_count(i);
  return count >= limit;
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

int serve(const Config& config) {
  try {
    set_up_logging(config.server.log_format, config.server.log_level);
    net::prepare_signals();
    Server server(config, PageSet::Own);
    server.run(SignalUse::Stop);
    log::info("stopped");
    return 0;
  } catch (const std::exception& error) {
    log::error("cannot serve: {}", error.what());
    return 1;
  }
}

}  // namespace carillon::server
