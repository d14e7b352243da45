// Every connection sends a message, waits until the very same comes back, and sends the next.
#include <vector>

#include "load/crowd.hpp"
#include "load/meter.hpp"
#include "load/run.hpp"

namespace carillon::bench {
namespace {

class Echo final : private ClientListener {
 public:
  explicit Echo(const Options& options)
      : options_(options), crowd_(loop_, options, *this), sent_(options.connections) {}

  Report run();

 private:
  void on_ready(std::size_t) override { crowd_.on_ready(); }
  void on_text(std::size_t index, std::string_view text) override;
  void send(std::size_t index);

  const Options& options_;
  Loop loop_;
  Crowd crowd_;
  std::vector<std::string> sent_;  // by connection, the message under way
  Histogram latency_;
  Faults faults_;
  std::uint64_t round_trips_ = 0;
};

void Echo::send(std::size_t index) {
  std::string& message = sent_[index];
  message = make_payload(round_trips_, now_ns(), options_.payload_bytes);
  crowd_.at(index).send_text(message);
}

void Echo::on_text(std::size_t index, std::string_view text) {
  if (text != sent_[index]) {
    ++faults_.damaged;
    return;
  }
  Payload payload;
  if (take_payload(text, options_.payload_bytes, payload)) {
    if (round_trips_ >= options_.warm_up) latency_.add(now_ns() - payload.sent);
  }
  ++round_trips_;
  send(index);
}

Report Echo::run() {
  Meter meter(options_);
  crowd_.grow(options_.connections);
  const auto progress = [this] { return round_trips_ + faults_.damaged; };
  const auto run_to = [&](std::uint64_t count) {
    turn_until(loop_, options_, "echoes", progress, [&] { return round_trips_ >= count; });
  };
  for (std::size_t index = 0; index < crowd_.size(); ++index) send(index);
  run_to(options_.warm_up);
  Report report;
  const std::uint64_t first = round_trips_;
  meter.begin();
  run_to(first + options_.messages);
  meter.end(report);
  report.units = round_trips_ - first;
  report.latency = latency_;
  report.faults = faults_;
  return report;
}

}  // namespace

Report run_echo(const Options& options) {
  return Echo(options).run();
}

}  // namespace carillon::bench
