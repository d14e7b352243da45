// What `/metrics` answers: the counts of every reactor, gathered by a task on each.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cluster/durable/journal.hpp"
#include "cluster/durable/journaled_broker.hpp"
#include "core/time.hpp"
#include "hub/probe.hpp"
#include "net/probe.hpp"
#include "server/shard.hpp"
#include "transport/common/probe.hpp"
#include "transport/turn/service.hpp"

namespace carillon::server {

/// A certificate that new TLS connections are shown.
struct CertificateEnd {
  std::string name;  // the first that it is for
  Timestamp expires;
};

/// A copy of one reactor's counts.
struct ReactorCounts {
  net::Probe net;
  hub::Probe hub;
  transport::Probe transport;
  websocket::DeflateCounts deflate;
  std::size_t streams = 0;
  std::size_t outbox_bytes = 0;
  std::string io_backend;
  std::uint64_t io_system_calls = 0;
  cluster::durable::LaneCounts lane = {};
  std::vector<CertificateEnd> certificates = {};  // the same on every reactor
  std::size_t revocations = 0;
  std::optional<transport::TurnCounts> turn = {};  // of the relay, where there is one
};

/// On the shard's reactor.
ReactorCounts counts_of(Shard& shard);

/// Prometheus text; one entry per reactor, in their order. `journal` may be null.
std::string metrics_text(const std::vector<ReactorCounts>& reactors,
                         const cluster::durable::Journal* journal);

}  // namespace carillon::server
