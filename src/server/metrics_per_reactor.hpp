// Families of metrics that have a sample per reactor.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "server/metrics.hpp"
#include "server/metrics_text.hpp"

namespace carillon::server {

/// One family with a sample per reactor.
class PerReactor {
 public:
  PerReactor(MetricsText& out, const std::vector<ReactorCounts>& reactors)
      : out_(out), reactors_(reactors) {
    for (std::size_t i = 0; i < reactors.size(); ++i) names_.push_back(std::to_string(i));
  }

  template <class Read>
  void counter(Bytes name, Bytes help, Read read) {
    family(name, MetricKind::Counter, help, read);
  }
  template <class Read>
  void gauge(Bytes name, Bytes help, Read read) {
    family(name, MetricKind::Gauge, help, read);
  }
  template <class Write>
  void samples(Bytes name, MetricKind kind, Bytes help, Write write) {
    out_.family(name, kind, help);
    for (std::size_t i = 0; i < reactors_.size(); ++i) write(reactors_[i], Bytes(names_[i]));
  }

 private:
  template <class Read>
  void family(Bytes name, MetricKind kind, Bytes help, Read read) {
    samples(name, kind, help, [&](const ReactorCounts& counts, Bytes reactor) {
      out_.sample(static_cast<std::uint64_t>(read(counts)), {{"reactor", reactor}});
    });
  }

  MetricsText& out_;
  const std::vector<ReactorCounts>& reactors_;
  std::vector<std::string> names_;
};

/// A histogram of the family that was begun last, in seconds.
void write_durations(MetricsText& out, const net::DurationHistogram& durations, Bytes reactor);

}  // namespace carillon::server
