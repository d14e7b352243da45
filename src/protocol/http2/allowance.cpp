#include "protocol/http2/allowance.hpp"

#include <algorithm>
#include <chrono>

namespace carillon::http2 {

bool Allowance::take(TimePoint now) {
  if (now > filled_) {
    const double seconds = std::chrono::duration<double>(now - filled_).count();
    tokens_ = std::min(capacity_, tokens_ + seconds * per_second_);
    filled_ = now;
  }
  if (tokens_ < 1) return false;
  tokens_ -= 1;
  return true;
}

void Allowance::give_back() {
  tokens_ = std::min(capacity_, tokens_ + 1);
}

}  // namespace carillon::http2
