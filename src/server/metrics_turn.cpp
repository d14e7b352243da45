#include "server/metrics_turn.hpp"

#include <array>
#include <cstdint>
#include <string>

namespace carillon::server {
namespace {

using Reactors = std::vector<transport::TurnCounts>;

/// In the order of turn::Drop.
constexpr std::array<Bytes, turn::kDropCount> kDropNames = {
    "malformed", "unwanted", "no_allocation", "no_channel", "no_permission", "unanswered"};

template <class Read>
void per_reactor(const Reactors& reactors, Read read) {
  for (std::size_t i = 0; i < reactors.size(); ++i) {
    const std::string name = std::to_string(i);
    read(reactors[i], Bytes(name));
  }
}

void write_allocations(MetricsText& out, const Reactors& reactors) {
  out.family("carillon_turn_allocations", MetricKind::Gauge, "Relayed addresses of TURN clients.");
  per_reactor(reactors, [&](const auto& counts, Bytes reactor) {
    out.sample(static_cast<std::uint64_t>(counts.allocations), {{"reactor", reactor}});
  });
  out.family("carillon_turn_allocations_opened_total", MetricKind::Counter,
             "Relayed addresses given since the start.");
  per_reactor(reactors, [&](const auto& counts, Bytes reactor) {
    out.sample(counts.turn.allocations_opened, {{"reactor", reactor}});
  });
  out.family("carillon_turn_allocations_expired_total", MetricKind::Counter,
             "Those that ended because their clients did not refresh them.");
  per_reactor(reactors, [&](const auto& counts, Bytes reactor) {
    out.sample(counts.turn.allocations_expired, {{"reactor", reactor}});
  });
}

void write_relayed(MetricsText& out, const Reactors& reactors) {
  const auto both = [&](Bytes name, Bytes help, auto to_peer, auto to_client) {
    out.family(name, MetricKind::Counter, help);
    per_reactor(reactors, [&](const auto& counts, Bytes reactor) {
      out.sample(counts.turn.*to_peer, {{"reactor", reactor}, {"to", "peer"}});
      out.sample(counts.turn.*to_client, {{"reactor", reactor}, {"to", "client"}});
    });
  };
  both("carillon_turn_datagrams_total", "Datagrams relayed, by direction.",
       &turn::Probe::to_peer_datagrams, &turn::Probe::to_client_datagrams);
  both("carillon_turn_bytes_total", "Their payload, in bytes.", &turn::Probe::to_peer_bytes,
       &turn::Probe::to_client_bytes);
}

void write_answers(MetricsText& out, const Reactors& reactors) {
  out.family("carillon_turn_answers_total", MetricKind::Counter, "Requests answered.");
  per_reactor(reactors, [&](const auto& counts, Bytes reactor) {
    out.sample(counts.turn.answers, {{"reactor", reactor}});
  });
  out.family("carillon_turn_errors_total", MetricKind::Counter,
             "Those answered with an error, by its code: 486 is a quota, 508 the range of ports.");
  per_reactor(reactors, [&](const auto& counts, Bytes reactor) {
    for (std::size_t i = 0; i < turn::Probe::kCodes.size(); ++i) {
      const auto code = std::to_string(static_cast<unsigned>(turn::Probe::kCodes[i]));
      out.sample(counts.turn.errors[i], {{"reactor", reactor}, {"code", code}});
    }
  });
}

void write_drops(MetricsText& out, const Reactors& reactors) {
  out.family("carillon_turn_dropped_total", MetricKind::Counter,
             "Datagrams and frames that went no further, by why.");
  per_reactor(reactors, [&](const auto& counts, Bytes reactor) {
    const auto drop = [&](Bytes reason, std::uint64_t count) {
      out.sample(count, {{"reactor", reactor}, {"reason", reason}});
    };
    for (std::size_t i = 0; i < kDropNames.size(); ++i) drop(kDropNames[i], counts.turn.drops[i]);
    drop("over_bandwidth", counts.drops.over_bandwidth);
    drop("denied_peer", counts.drops.denied_peers);
    drop("slow_client", counts.drops.slow_clients);
  });
}

}  // namespace

void write_turn(MetricsText& out, const Reactors& reactors) {
  if (reactors.empty()) return;
  write_allocations(out, reactors);
  write_relayed(out, reactors);
  write_answers(out, reactors);
  write_drops(out, reactors);
}

}  // namespace carillon::server
