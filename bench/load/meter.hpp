// What a run costs the server, from one moment to another.
#pragma once

#include "load/options.hpp"
#include "load/payload.hpp"
#include "load/report.hpp"

namespace carillon::bench {

class Meter {
 public:
  explicit Meter(const Options& options)
      : options_(options), process_(options.server, options.server_cpus) {}

  /// The counters are read outside of the time that is measured.
  void begin() {
    counters_ = fetch_counters(options_.port, options_.metrics_path, options_.counters);
    begin_ns_ = now_ns();
    cpu_ = process_.cpu();
  }
  void end(Report& report) const {
    report.cpu = process_.cpu().since(cpu_);
    report.seconds = static_cast<double>(now_ns() - begin_ns_) / 1e9;
    report.counters = difference(
        counters_, fetch_counters(options_.port, options_.metrics_path, options_.counters));
  }
  std::uint64_t pss_bytes() const { return process_.pss_bytes(); }

 private:
  const Options& options_;
  ServerProcess process_;
  Counters counters_;
  CpuTime cpu_;
  Nanoseconds begin_ns_ = 0;
};

}  // namespace carillon::bench
