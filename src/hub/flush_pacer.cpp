#include "hub/flush_pacer.hpp"

#include <algorithm>

#include "hub/limits.hpp"

namespace carillon::hub {
namespace {

using std::chrono::microseconds;

constexpr std::int64_t kWindow = microseconds(limits::kPaceWindow).count();

/// Who waits can only sleep whole milliseconds, rounded up: half of one is given back.
constexpr microseconds kRounding{500};

}  // namespace

microseconds FlushPacer::hold(Timestamp now, microseconds interval) const {
  if (!is_holding_) return microseconds::zero();
  const microseconds since(now.microseconds - last_flush_.microseconds);
  if (since < microseconds::zero()) return microseconds::zero();  // the clock was set back
  return std::max(interval - kRounding - since, microseconds::zero());
}

void FlushPacer::on_flush(Timestamp now, microseconds interval, std::size_t publications,
                          std::size_t subscribers) {
  const std::int64_t age = now.microseconds - window_start_.microseconds;
  if (age < 0 || age >= kWindow) {
    end_window(age, interval);
    window_start_ = now;
  }
  last_flush_ = now;
  ++flushes_;
  publications_ += static_cast<std::uint32_t>(publications);
  deliveries_ += publications * subscribers;
}

void FlushPacer::end_window(std::int64_t age, microseconds interval) {
  const bool was_fruitless = is_holding_ && publications_ * 2 < flushes_ * 3;
  if (was_fruitless) {
    rest_ = next_rest_;
    next_rest_ = static_cast<std::uint8_t>(std::min<int>(next_rest_ * 2, limits::kPaceRest));
  } else if (is_holding_) {
    next_rest_ = 1;
  }
  const bool is_resting = rest_ > 0;
  if (is_resting && !was_fruitless) --rest_;
  is_holding_ = !is_resting && is_worth_it(age, interval);
  deliveries_ = 0;
  publications_ = 0;
  flushes_ = 0;
}

bool FlushPacer::is_worth_it(std::int64_t age, microseconds interval) const {
  if (age <= 0) return false;
  const auto time = static_cast<std::uint64_t>(age);
  const auto window = static_cast<std::uint64_t>(kWindow);
  const auto pace = static_cast<std::uint64_t>(interval.count()) * publications_;
  return pace >= 2 * time && deliveries_ * window >= limits::kBusyDeliveries * time;
}

}  // namespace carillon::hub
