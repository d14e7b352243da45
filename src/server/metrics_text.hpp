// The writer of what /metrics answers: Prometheus text.
#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>

#include "core/bytes.hpp"

namespace carillon::server {

constexpr Bytes kMetricsContentType = "text/plain; version=0.0.4; charset=utf-8";

enum class MetricKind : std::uint8_t { Counter, Gauge, Histogram };

struct MetricLabel {
  Bytes name;
  Bytes value;
};
using MetricLabels = std::initializer_list<MetricLabel>;

/// A histogram as it was counted: `counts[i]` observations above `bounds[i - 1]` and up to
/// `bounds[i]`; the last of `counts`, one more than `bounds`, is of those above all bounds.
struct HistogramView {
  std::span<const double> bounds;  // ascending, in the family's unit
  std::span<const std::uint64_t> counts;
  double sum = 0;
};

/// Writes families one after the other; every sample belongs to the family begun last.
/// Names and label names are the server's own and must be legal; label values may be anything.
/// Source: Prometheus text exposition format 0.0.4.
class MetricsText {
 public:
  void family(Bytes name, MetricKind kind, Bytes help);
  void sample(std::integral auto value, MetricLabels labels = {}) {
    line("", labels, "", std::to_string(value));
  }
  void sample(double value, MetricLabels labels = {});
  void histogram(const HistogramView& view, MetricLabels labels = {});

  const std::string& text() const { return text_; }

 private:
  void line(Bytes suffix, MetricLabels labels, Bytes bucket, Bytes value);

  std::string text_;
  std::string name_;
};

}  // namespace carillon::server
