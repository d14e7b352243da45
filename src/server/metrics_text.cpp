#include "server/metrics_text.hpp"

#include <fmt/format.h>

#include <cmath>
#include <cstddef>
#include <limits>

#include "core/check.hpp"

namespace carillon::server {
namespace {

Bytes kind_name(MetricKind kind) {
  switch (kind) {
    case MetricKind::Counter:
      return "counter";
    case MetricKind::Gauge:
      return "gauge";
    case MetricKind::Histogram:
      return "histogram";
  }
  return "untyped";
}

/// The shortest text that reads back the same; infinities as the format spells them.
std::string number(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "+Inf" : "-Inf";
  return fmt::format("{}", value);
}

enum class Place : char { Help, Label };

void append_escaped(std::string& out, Bytes text, Place place) {
  for (const char octet : text) {
    if (octet == '\n') {
      out += "\\n";
    } else if (octet == '\\' || (octet == '"' && place == Place::Label)) {
      out += '\\';
      out += octet;
    } else {
      out += octet;
    }
  }
}

void append_label(std::string& out, Bytes name, Bytes value) {
  out += name;
  out += "=\"";
  append_escaped(out, value, Place::Label);
  out += '"';
}

}  // namespace

void MetricsText::family(Bytes name, MetricKind kind, Bytes help) {
  name_ = name;
  text_ += "# HELP " + name_ + ' ';
  append_escaped(text_, help, Place::Help);
  text_ += "\n# TYPE " + name_ + ' ';
  text_ += kind_name(kind);
  text_ += '\n';
}

void MetricsText::sample(double value, MetricLabels labels) {
  line("", labels, "", number(value));
}

void MetricsText::histogram(const HistogramView& view, MetricLabels labels) {
  CARILLON_CHECK(view.counts.size() == view.bounds.size() + 1);
  std::uint64_t total = 0;
  for (std::size_t i = 0; i < view.counts.size(); ++i) {
    total += view.counts[i];
    const bool last = i == view.bounds.size();
    const double bound = last ? std::numeric_limits<double>::infinity() : view.bounds[i];
    line("_bucket", labels, number(bound), std::to_string(total));
  }
  line("_sum", labels, "", number(view.sum));
  line("_count", labels, "", std::to_string(total));
}

void MetricsText::line(Bytes suffix, MetricLabels labels, Bytes bucket, Bytes value) {
  text_ += name_;
  text_ += suffix;
  char separator = '{';
  const auto add = [this, &separator](Bytes name, Bytes label) {
    text_ += separator;
    append_label(text_, name, label);
    separator = ',';
  };
  for (const MetricLabel& label : labels) add(label.name, label.value);
  if (!bucket.empty()) add("le", bucket);
  if (separator == ',') text_ += '}';
  text_ += ' ';
  text_ += value;
  text_ += '\n';
}

}  // namespace carillon::server
