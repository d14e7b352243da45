// What a run has measured, as JSON for the runner.
#pragma once

#include <cstdint>
#include <string>

#include "load/histogram.hpp"
#include "load/ledger.hpp"
#include "load/server_metrics.hpp"
#include "load/server_process.hpp"

namespace carillon::bench {

struct Report {
  std::uint64_t units = 0;  // deliveries, round trips, handshakes or idle connections
  double seconds = 0;
  CpuTime cpu;
  double bytes_each = 0;  // idle only: user-space memory
  double texts_each = 0;  // fan-out only: messages of a WebSocket, or answers to polls, per burst
  Histogram latency;      // nanoseconds
  Faults faults;
  Counters counters;
};

std::string to_json(const Report& report);

}  // namespace carillon::bench
