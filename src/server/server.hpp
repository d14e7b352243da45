// The composition root: every part of a node, wired by reference, from a checked config.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "net/listener.hpp"
#include "net/reactor_pool.hpp"
#include "server/admin.hpp"
#include "server/config.hpp"
#include "server/shard.hpp"

namespace carillon::server {

/// What answers at paths that have no route.
enum class PageSet : std::uint8_t { None, Own };

/// Who hears SIGTERM, SIGINT and SIGHUP. `Stop` needs net::prepare_signals() before.
enum class SignalUse : std::uint8_t { None, Stop };

/// A node. What it serves beyond its own routes is added before run().
/// Lifetime: `config` outlives it.
class Server {
 public:
  Server(const Config& config, PageSet pages);

  transport::Router& router() { return shared_.router; }
  hub::WireForms& wire_forms() { return shared_.wire_forms; }
  const transport::Settings& settings() const { return shared_.settings; }
  std::size_t shard_count() const { return shards_.size(); }
  Shard& shard(std::size_t reactor) { return *shards_[reactor]; }

  /// Binds the addresses, once, and tells them with their real ports: `http://…`, `unix:…`.
  /// Throws std::runtime_error. Before run(), same thread.
  std::vector<std::string> listen();
  /// Serves until stop() or a signal, then drains. Throws std::runtime_error.
  void run(SignalUse signal_use);
  /// Thread: any. Before run() too, which then ends at once.
  void stop();

 private:
  enum class Audience { Public, Admin };

  void add_routes(PageSet pages);
  void listen(const std::vector<std::string>& addresses, Audience audience);
  net::AcceptHandler accept_handler(Audience audience);
  bool is_full() const;
  void on_signal(int signal);
  void drain();
  void watch_drain(Shard& shard, TimePoint deadline);

  const Config& config_;
  const std::string refusal_;
  net::ReactorPool pool_;
  SharedParts shared_;
  Shards shards_;
  std::vector<std::string> addresses_;
  std::atomic<std::size_t> undrained_{0};
  bool listening_ = false;
  bool draining_ = false;  // reactor 0's
};

/// Serves until SIGTERM or SIGINT, then drains.
/// Returns: the process's exit code: 0 after a drain, 1 where it could not start (told on the log).
int serve(const Config& config);

}  // namespace carillon::server
