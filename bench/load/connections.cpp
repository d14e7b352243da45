// Loads without messages: connections that open, and connections that just stay.
#include <algorithm>

#include "load/crowd.hpp"
#include "load/meter.hpp"
#include "load/run.hpp"

namespace carillon::bench {
namespace {

/// So many connections come and go before memory is measured, so that code and tables that every
/// server needs but once do not count.
constexpr std::size_t kWarmUpConnections = 64;
/// How long the server gets to notice that they have gone, and to have said its last word to those
/// that have come.
constexpr Nanoseconds kSettleTime = 500'000'000;

class Connections final : private ClientListener {
 public:
  explicit Connections(const Options& options) : options_(options), crowd_(loop_, options, *this) {}

  Report storm();
  Report idle();

 private:
  void on_ready(std::size_t) override { crowd_.on_ready(); }
  void on_text(std::size_t, std::string_view) override {}

  void turn_for(Nanoseconds time) {
    for (const Nanoseconds end = now_ns() + time; now_ns() < end;) loop_.turn();
  }
  void warm_up() {
    crowd_.grow(std::min(kWarmUpConnections, options_.connections));
    crowd_.clear();
    turn_for(kSettleTime);
  }

  const Options& options_;
  Loop loop_;
  Crowd crowd_;
};

Report Connections::storm() {
  Meter meter(options_);
  warm_up();
  Report report;
  meter.begin();
  crowd_.grow(options_.connections);
  meter.end(report);
  report.units = options_.connections;
  return report;
}

Report Connections::idle() {
  Meter meter(options_);
  warm_up();
  const std::uint64_t before = meter.pss_bytes();
  crowd_.grow(options_.connections);
  turn_for(kSettleTime);
  Report report;
  meter.begin();
  turn_for(static_cast<Nanoseconds>(std::chrono::nanoseconds(options_.quiet).count()));
  meter.end(report);
  const auto growth = static_cast<double>(meter.pss_bytes()) - static_cast<double>(before);
  report.units = options_.connections;
  report.bytes_each = growth / static_cast<double>(options_.connections);
  return report;
}

}  // namespace

Report run_storm(const Options& options) {
  return Connections(options).storm();
}

Report run_idle(const Options& options) {
  return Connections(options).idle();
}

}  // namespace carillon::bench
