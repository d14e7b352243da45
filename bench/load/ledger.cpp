#include "load/ledger.hpp"

namespace carillon::bench {

void Ledger::heard(std::size_t subscriber, std::uint64_t number) {
  std::uint64_t& next = next_[subscriber];
  if (number == next) {
    ++next;
    ++delivered_;
    return;
  }
  if (number > next) {
    for (; next < number; ++next) missing_[subscriber].insert(next);
    ++next;
    ++delivered_;
    return;
  }
  const auto passed = missing_.find(subscriber);
  if (passed != missing_.end() && passed->second.erase(number) > 0) {
    ++faults_.out_of_order;
    ++delivered_;
  } else {
    ++faults_.repeated;
  }
}

Faults Ledger::faults(std::uint64_t published) const {
  Faults faults = faults_;
  for (const std::uint64_t next : next_) {
    if (next < published) faults.lost += published - next;
  }
  for (const auto& [subscriber, numbers] : missing_) faults.lost += numbers.size();
  return faults;
}

}  // namespace carillon::bench
