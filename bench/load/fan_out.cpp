// One publisher, many subscribers: in lockstep (the next when all have the last), or at a rate.
#include <algorithm>
#include <memory>

#include "load/crowd.hpp"
#include "load/flooder.hpp"
#include "load/ledger.hpp"
#include "load/meter.hpp"
#include "load/run.hpp"

namespace carillon::bench {
namespace {

/// How long strays (messages that come twice, say) are waited for after the last one.
constexpr Nanoseconds kStrayTime = 50'000'000;

class FanOut final : private ClientListener {
 public:
  explicit FanOut(const Options& options)
      : options_(options), crowd_(loop_, options, *this), ledger_(options.connections) {}

  Report run();

 private:
  void on_ready(std::size_t index) override;
  void on_text(std::size_t index, std::string_view text) override;

  void publish(std::size_t count, Nanoseconds sent);
  void lockstep(std::uint64_t until);
  void at_rate(std::uint64_t until);
  void await_deliveries();
  std::uint64_t expected() const { return published_ * options_.connections; }

  const Options& options_;
  Loop loop_;
  Crowd crowd_;
  std::unique_ptr<Client> publisher_;
  std::unique_ptr<Flooder> flooder_;
  Ledger ledger_;
  Histogram latency_;
  std::uint64_t published_ = 0;
  std::uint64_t texts_ = 0;  // that held messages which count
  bool publisher_ready_ = false;
  bool measuring_ = false;
};

void FanOut::on_ready(std::size_t index) {
  if (index == kPublisherIndex) {
    publisher_ready_ = true;
  } else {
    crowd_.on_ready();
  }
}

void FanOut::on_text(std::size_t index, std::string_view text) {
  Payload payload;
  bool counts = false;
  for (Nanoseconds now = 0; take_payload(text, options_.payload_bytes, payload);) {
    if (!payload.intact || payload.number >= published_) {
      ledger_.heard_damaged();
      continue;
    }
    ledger_.heard(index, payload.number);
    if (now == 0) now = now_ns();
    if (!measuring_ || payload.number < options_.warm_up) continue;
    latency_.add(now - payload.sent);
    counts = true;
  }
  if (counts) ++texts_;
}

void FanOut::publish(std::size_t count, Nanoseconds sent) {
  for (std::size_t index = 0; index < count; ++index) {
    std::string text = with_channel(options_.dialect.publish, options_.channel);
    replace_all(text, "{payload}", make_payload(published_++, sent, options_.payload_bytes));
    publisher_->send_text(text, index + 1 < count ? Client::When::Later : Client::When::Now);
  }
}

void FanOut::await_deliveries() {
  turn_until(
      loop_, options_, std::to_string(expected()) + " deliveries",
      [this] { return ledger_.delivered(); }, [this] { return ledger_.delivered() >= expected(); });
}

void FanOut::lockstep(std::uint64_t until) {
  while (published_ < until) {
    publish(std::min<std::size_t>(options_.burst, until - published_), now_ns());
    await_deliveries();
  }
}

/// Each message carries the moment it was due, so that a wait in the publisher counts as well.
void FanOut::at_rate(std::uint64_t until) {
  const auto interval = static_cast<Nanoseconds>(1e9 / options_.rate);
  Nanoseconds due = now_ns();
  const auto publish_due = [&] {
    for (; published_ < until && due <= now_ns(); due += interval) publish(1, due);
    return published_ == until;
  };
  turn_until(loop_, options_, "the publisher", [this] { return published_; }, publish_due);
  await_deliveries();
}

Report FanOut::run() {
  Meter meter(options_);
  ClientListener& listener = *this;
  publisher_ =
      std::make_unique<Client>(loop_, options_, listener, Role::Publisher, kPublisherIndex);
  turn_until(
      loop_, options_, "the publisher to connect", [] { return 0; },
      [this] { return publisher_ready_; });
  crowd_.grow(options_.connections);
  Report report;
  const std::uint64_t last = options_.warm_up + options_.messages;
  try {
    if (options_.flood) flooder_ = std::make_unique<Flooder>(loop_, options_);
    lockstep(options_.warm_up);
    meter.begin();
    measuring_ = true;
    options_.rate > 0 ? at_rate(last) : lockstep(last);
    meter.end(report);
    if (flooder_) {
      report.counters["flooder_told"] = static_cast<double>(flooder_->told_count());
      report.counters["flooder_cut"] = static_cast<double>(flooder_->cut_count());
    }
    const Nanoseconds stray_end = now_ns() + kStrayTime;
    while (now_ns() < stray_end) loop_.turn();
  } catch (const WireError&) {
    // What is missing says more than that something is.
    report.faults = ledger_.faults(published_);
    if (!report.faults.any()) throw;
    return report;
  }
  report.units = options_.messages * options_.connections;
  report.latency = latency_;
  const auto bursts =
      static_cast<double>((options_.messages + options_.burst - 1) / options_.burst);
  report.texts_each =
      static_cast<double>(texts_) / bursts / static_cast<double>(options_.connections);
  report.faults = ledger_.faults(published_);
  return report;
}

}  // namespace

Report run_fan_out(const Options& options) {
  return FanOut(options).run();
}

}  // namespace carillon::bench
