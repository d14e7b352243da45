// Everything that one reactor owns above the network: its part of the hub and of the transports.
#pragma once

#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "backend/lookups.hpp"
#include "backend/name_cache.hpp"
#include "cluster/durable/journal.hpp"
#include "cluster/durable/journaled_broker.hpp"
#include "cluster/memory_broker.hpp"
#include "hub/home.hpp"
#include "hub/hub.hpp"
#include "hub/peers.hpp"
#include "hub/probe.hpp"
#include "hub/session_directory.hpp"
#include "net/listener.hpp"
#include "net/reactor.hpp"
#include "net/tls_entrance.hpp"
#include "protocol/websocket/deflate_pool.hpp"
#include "server/courier.hpp"
#include "server/revocation_log.hpp"
#include "server/settings.hpp"
#include "transport/common/access_hooks.hpp"
#include "transport/common/router.hpp"
#include "transport/common/worker.hpp"
#include "transport/http2/turns.hpp"
#include "transport/http_api/ice_servers.hpp"
#include "transport/turn/service.hpp"
#include "transport/turn/shared.hpp"

namespace carillon::server {

/// What all shards share; constant once the reactors run.
struct SharedParts {
  std::size_t reactor_count = 1;
  transport::SharedLimits& limits;
  hub::Peers peers;
  cluster::SharedBudget budget;
  cluster::Origin origin;
  cluster::durable::Journal* journal = nullptr;  // null: the history is in memory alone
  LiveSettings live;                             // at the start
  backend::Lookups& lookups;
  transport::KeySource* key_source = nullptr;
  transport::Workers workers;
  std::unique_ptr<RevocationLog> revocations;   // null: in memory alone
  std::unique_ptr<transport::TurnShared> turn;  // null: there is no relay
  transport::RelayDoors relay_doors;
  transport::Router router;
  transport::Router admin_router;
  transport::AccessHooks hooks;

  /// Places for what each shard enters of itself; before the first is made.
  void make_places() {
    peers.hubs.resize(reactor_count);
    peers.homes.resize(reactor_count);
    peers.session_directories.resize(reactor_count);
    workers.resize(reactor_count);
  }
};

/// Thread:   its reactor's, once that runs.
/// Lifetime: made before the reactor runs, destroyed after it has stopped.
class Shard final : private net::TickHook {
 public:
  Shard(net::Reactor& reactor, SharedParts& shared);
  ~Shard() override;

  net::Reactor& reactor() { return reactor_; }
  hub::Hub& hub() { return hub_; }
  hub::SessionDirectory& sessions() { return sessions_; }
  transport::Worker& worker() { return worker_; }
  /// For connections of `[admin] listen`.
  transport::Worker& admin_worker() { return admin_worker_; }
  /// For connections of `[tls] redirect_listen`.
  transport::Worker& redirect_worker() { return redirect_worker_; }
  transport::Http2Turns& http2_turns() { return http2_turns_; }
  net::TlsEntrance& tls_entrance() { return tls_entrance_; }
  /// For clients of the relay, who agree on another protocol (ALPN).
  net::TlsEntrance& turn_tls_entrance() { return turn_tls_entrance_; }
  /// Null: there is no relay.
  transport::TurnService* turn() { return turn_.get(); }
  const hub::Probe& hub_probe() const { return hub_probe_; }
  const websocket::DeflateCounts& deflate_counts() { return deflate_pool_.counts(); }
  cluster::MemoryBroker& broker() { return memory_; }
  cluster::durable::LaneCounts lane_counts() const {
    return journaled_ ? journaled_->counts() : cluster::durable::LaneCounts();
  }

  /// Before the reactor runs; the same on every one, in the same order.
  hub::WireFormId add_wire_form(std::string_view name, hub::Encoder encoder) {
    return wire_forms_.add(name, std::move(encoder));
  }
  void add_listener(std::unique_ptr<net::Listener> listener);

  /// Takes what waits in the accept queues, accepts no more, and tells every client when to come
  /// back: each at a moment of its own within `spread`, so that they do not all come at once.
  void drain(Duration spread);

  /// From now on these are in force.
  void use(const LiveSettings& live);
  void use(const std::shared_ptr<const access::TokenRules>& tokens);

 private:
  transport::WorkerParts worker_parts(const SharedParts& shared,
                                      const transport::Settings& settings,
                                      const transport::Router& router);
  hub::Broker& front();
  bool on_tick_end() override;
  void keep_time();

  net::Reactor& reactor_;
  ReactorCourier courier_;
  ReactorClock clock_;
  hub::Probe hub_probe_;
  // Copies of this reactor's own: whoever refers to them goes on with what `use` puts there.
  transport::Settings settings_;
  transport::Settings admin_settings_;
  transport::Settings redirect_settings_;
  hub::NamespaceTable namespaces_;
  websocket::DeflatePool deflate_pool_;
  backend::NameCache names_;
  hub::WireForms wire_forms_;
  const transport::WireFormIds wire_form_ids_;
  cluster::MemoryBroker memory_;
  std::unique_ptr<cluster::durable::JournaledBroker> journaled_;  // null without a journal
  Handle verdicts_;
  hub::Home home_;
  hub::SessionDirectory sessions_;
  hub::Hub hub_;
  transport::Worker worker_;
  transport::Worker admin_worker_;
  transport::Worker redirect_worker_;
  transport::Http2Turns http2_turns_;
  net::TlsEntrance tls_entrance_;
  net::TlsEntrance turn_tls_entrance_;
  std::unique_ptr<transport::TurnService> turn_;
  std::vector<std::unique_ptr<net::Listener>> listeners_;
};

/// One for each reactor, in their order.
using Shards = std::vector<std::unique_ptr<Shard>>;

}  // namespace carillon::server
