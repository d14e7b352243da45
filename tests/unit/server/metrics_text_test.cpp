#include "server/metrics_text.hpp"

#include <gtest/gtest.h>

#include <array>
#include <limits>

namespace carillon::server {
namespace {

TEST(MetricsText, WritesFamiliesWithTheirSamples) {
  MetricsText text;
  text.family("carillon_publications_total", MetricKind::Counter, "Publications taken.");
  text.sample(std::uint64_t{18'446'744'073'709'551'615U});
  text.family("carillon_connections", MetricKind::Gauge, "Open connections.");
  text.sample(3, {{"transport", "sse"}, {"reactor", "0"}});
  text.sample(-4, {{"transport", "websocket"}, {"reactor", "1"}});
  EXPECT_EQ(text.text(),
            "# HELP carillon_publications_total Publications taken.\n"
            "# TYPE carillon_publications_total counter\n"
            "carillon_publications_total 18446744073709551615\n"
            "# HELP carillon_connections Open connections.\n"
            "# TYPE carillon_connections gauge\n"
            "carillon_connections{transport=\"sse\",reactor=\"0\"} 3\n"
            "carillon_connections{transport=\"websocket\",reactor=\"1\"} -4\n");
}

TEST(MetricsText, WritesHistogramsCumulatively) {
  const std::array bounds = {0.001, 0.5, 10.0};
  const std::array<std::uint64_t, 4> counts = {2, 0, 5, 1};
  MetricsText text;
  text.family("x_seconds", MetricKind::Histogram, "X.");
  text.histogram({.bounds = bounds, .counts = counts, .sum = 12.25}, {{"a", "b"}});
  text.histogram({.bounds = {}, .counts = std::span(counts).first(1), .sum = 0});
  EXPECT_EQ(text.text(),
            "# HELP x_seconds X.\n"
            "# TYPE x_seconds histogram\n"
            "x_seconds_bucket{a=\"b\",le=\"0.001\"} 2\n"
            "x_seconds_bucket{a=\"b\",le=\"0.5\"} 2\n"
            "x_seconds_bucket{a=\"b\",le=\"10\"} 7\n"
            "x_seconds_bucket{a=\"b\",le=\"+Inf\"} 8\n"
            "x_seconds_sum{a=\"b\"} 12.25\n"
            "x_seconds_count{a=\"b\"} 8\n"
            "x_seconds_bucket{le=\"+Inf\"} 2\n"
            "x_seconds_sum 0\n"
            "x_seconds_count 2\n");
}

TEST(MetricsText, EscapesLabelsAndHelpAsEachNeedsIt) {
  MetricsText text;
  text.family("m", MetricKind::Gauge, "a \"b\" \\ c\nd");
  text.sample(1, {{"l", "a \"b\" \\ c\nd"}});
  EXPECT_EQ(text.text(),
            "# HELP m a \"b\" \\\\ c\\nd\n"
            "# TYPE m gauge\n"
            "m{l=\"a \\\"b\\\" \\\\ c\\nd\"} 1\n");
}

TEST(MetricsText, WritesNumbersAsTheFormatSpellsThem) {
  MetricsText text;
  text.family("m", MetricKind::Gauge, "");
  for (const double value :
       {0.1, 1e300, 2.5e-9, std::numeric_limits<double>::infinity(),
        -std::numeric_limits<double>::infinity(), std::numeric_limits<double>::quiet_NaN()}) {
    text.sample(value);
  }
  EXPECT_EQ(text.text(),
            "# HELP m \n# TYPE m gauge\nm 0.1\nm 1e+300\nm 2.5e-09\nm +Inf\nm -Inf\nm NaN\n");
}

TEST(MetricsTextDeathTest, WritesNoHistogramWithoutABucketForTheRest) {
  const std::array bounds = {1.0};
  const std::array<std::uint64_t, 1> counts = {1};
  MetricsText text;
  text.family("m", MetricKind::Histogram, "");
  EXPECT_DEATH(text.histogram({.bounds = bounds, .counts = counts, .sum = 1}), "counts.size");
}

}  // namespace
}  // namespace carillon::server
