#include "load/report.hpp"

#include <nlohmann/json.hpp>

namespace carillon::bench {
namespace {

using nlohmann::json;

constexpr double kPerMicrosecond = 1'000;

json latency_json(const Histogram& latency) {
  const auto at = [&](double part) {
    return static_cast<double>(latency.quantile(part)) / kPerMicrosecond;
  };
  json buckets = json::array();
  latency.for_each([&](std::uint64_t value, std::uint64_t count) {
    buckets.push_back({static_cast<double>(value) / kPerMicrosecond, count});
  });
  return {{"p50", at(0.5)},    {"p90", at(0.9)}, {"p99", at(0.99)},
          {"p999", at(0.999)}, {"max", at(1)},   {"buckets", buckets}};
}

}  // namespace

std::string to_json(const Report& report) {
  const auto units = static_cast<double>(report.units);
  json result = {
      {"units", report.units},
      {"seconds", report.seconds},
      {"cpu_us_each", static_cast<double>(report.cpu.total) / kPerMicrosecond / units},
      {"softirq_us_each", static_cast<double>(report.cpu.softirq) / kPerMicrosecond / units},
      {"user_share", report.cpu.user_share},
      {"utilisation", static_cast<double>(report.cpu.total) / 1e9 / report.seconds},
      {"bytes_each", report.bytes_each},
      {"texts_each", report.texts_each},
      {"faults",
       {{"lost", report.faults.lost},
        {"repeated", report.faults.repeated},
        {"out_of_order", report.faults.out_of_order},
        {"damaged", report.faults.damaged}}},
      {"counters", report.counters}};
  if (report.latency.total() > 0) result["latency_us"] = latency_json(report.latency);
  return result.dump();
}

}  // namespace carillon::bench
