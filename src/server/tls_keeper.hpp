// The certificates of a node on their way from files to reactors: at the start, on SIGHUP, and when
// the files change; and the keys of session tickets, which change by themselves.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <vector>

#include "core/result.hpp"
#include "server/config.hpp"
#include "server/shard.hpp"
#include "server/tls_files.hpp"

namespace carillon::server {

/// Connections are never touched: who is in keeps the certificate it came in with.
/// Thread:   reactor 0's, once that runs; before: the one that made it.
/// Lifetime: the shards outlive it, and the reactors stop before it goes.
class TlsKeeper {
 public:
  /// `config` is the node's own, and current whenever this looks at it.
  TlsKeeper(const Config& config, Shards& shards) : config_(config), shards_(shards) {}

  /// Before the reactors run. Throws std::runtime_error where an address speaks TLS and the files
  /// will not do. Quiet without such an address.
  void start();
  /// Reads everything again; where that fails the log says why, and all stays as it was.
  void reload();

 private:
  struct Stamp {
    std::int64_t modified_nanoseconds = 0;
    std::uint64_t inode = 0;
    std::int64_t size = -1;  // -1: it is not there
    auto operator<=>(const Stamp&) const = default;
  };

  Result<void, std::string> load();
  void hand_out(const TlsMaterial& material);
  void hand_out(const net::TicketKey& key);
  std::vector<Stamp> stamps() const;
  void watch_files();
  void rotate_ticket_key();

  const Config& config_;
  Shards& shards_;
  std::vector<Stamp> seen_;
  bool running_ = false;
};

}  // namespace carillon::server
