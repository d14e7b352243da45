// The composition root: every part of a node, wired by reference, from a checked config.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "cluster/durable/history_keeper.hpp"
#include "core/result.hpp"
#include "net/listen_socket.hpp"
#include "net/listener.hpp"
#include "net/reactor_pool.hpp"
#include "server/admin.hpp"
#include "server/config.hpp"
#include "server/config_listen.hpp"
#include "server/config_load.hpp"
#include "server/demo.hpp"
#include "server/entrance.hpp"
#include "server/remote_keys.hpp"
#include "server/shard.hpp"
#include "server/tls_keeper.hpp"
#include "server/turn_doors.hpp"
#include "transport/socketio/engine_server.hpp"

namespace carillon::server {

/// Reads the settings again, from where they came.
using ConfigLoader = std::function<Result<Config, std::vector<ConfigProblem>>()>;

/// What answers at paths that have no route.
enum class PageSet : std::uint8_t { None, Own };

/// Whether SIGTERM, SIGINT and SIGHUP are heard. `Obey` needs net::PreparedSignals.
enum class SignalUse : std::uint8_t { None, Obey };

/// A node. What it serves beyond its own routes is added before run().
class Server {
 public:
  using EncoderMaker = std::function<hub::Encoder(Shard&)>;

  /// On SIGHUP it takes over what `reload` gives, as far as that can change while it runs; none:
  /// nothing can. Throws std::runtime_error where it cannot read what it has kept.
  Server(const Config& config, PageSet pages, ConfigLoader reload = {});

  transport::Router& router() { return shared_.router; }
  transport::AccessHooks& access_hooks() { return shared_.hooks; }
  /// As they are at the start.
  const transport::Settings& settings() const { return shared_.live.transport; }
  std::size_t shard_count() const { return shards_.size(); }
  Shard& shard(std::size_t reactor) { return *shards_[reactor]; }
  /// A form of publications for endpoints beyond its own, under one number on every reactor.
  hub::WireFormId add_wire_form(std::string_view name, const EncoderMaker& make_encoder);

  /// Binds the addresses, once, and tells them with their real ports: `http://…`,
  /// `https://…`, `unix:…`.
  /// Throws std::runtime_error. Before run(), same thread.
  std::vector<std::string> listen();
  /// Serves until stop() or a signal, then drains. Throws std::runtime_error where it cannot start,
  /// or not keep what it holds.
  void run(SignalUse signal_use);
  /// Thread: any. Before run() too, which then ends at once.
  void stop();

 private:
  struct Door {
    net::ListenSet set;
    Opening opening = Opening::Direct;
    Security security = Security::Plain;
  };

  void add_routes(PageSet pages);
  std::vector<Door> bind(const std::vector<std::string>& addresses, Audience audience) const;
  Opening opening_at(const std::string& address, Audience audience) const;
  void listen(const std::vector<Door>& doors, Audience audience);
  void listen(std::vector<TurnDoor> doors);
  std::vector<TurnDoor> bind_turn() const;
  void announce(const Door& door, Audience audience);
  net::ReactorOptions pool_options(const Config& config);
  net::AcceptHandler accept_handler(const Door& door, Audience audience);
  std::size_t connection_count() const;
  net::Reception room_for_one() const;
  void on_signal(int signal);
  void reload();
  void use(const Config& config);
  void use_fetched_keys();
  void drain();
  void watch_drain(Shard& shard, TimePoint deadline);

  std::vector<cluster::MemoryBroker*> homes();

  Config config_;  // reactor 0's, once it runs
  const ConfigLoader reload_;
  std::atomic<std::size_t> connection_limit_;
  transport::SharedLimits limits_;  // outlives the connections that are counted in it
  net::ReactorPool pool_;
  const std::string secret_;
  const std::string refusal_;
  const std::string limited_refusal_;
  std::unique_ptr<cluster::durable::HistoryKeeper> keeper_;
  backend::Lookups lookups_;
  RemoteKeys remote_keys_;
  SharedParts shared_;
  Shards shards_;
  std::unique_ptr<transport::EngineServer> socketio_;  // null: not served
  TlsKeeper tls_;
  std::unique_ptr<Demo> demo_;  // null without made-up data
  std::vector<std::string> addresses_;
  std::size_t descriptor_room_ = 0;  // connections that the process has descriptors for
  std::atomic<std::size_t> undrained_{0};
  bool listening_ = false;
  bool draining_ = false;  // reactor 0's
};

/// Serves until SIGTERM or SIGINT, then drains; on SIGHUP it reloads.
/// Returns: the process's exit code: 0 after a drain, 1 where it could not start, or not keep what
///          it holds (told on the log).
int serve(const Config& config, ConfigLoader reload = {});

}  // namespace carillon::server
