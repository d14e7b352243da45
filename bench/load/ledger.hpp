// Who has heard what: every subscriber must get every message once, in order, unchanged.
#pragma once

#include <cstddef>
#include <cstdint>
#include <set>
#include <unordered_map>
#include <vector>

namespace carillon::bench {

struct Faults {
  std::uint64_t lost = 0;
  std::uint64_t repeated = 0;
  std::uint64_t out_of_order = 0;  // came after a newer one
  std::uint64_t damaged = 0;

  bool any() const { return lost + repeated + out_of_order + damaged > 0; }
};

/// Messages are numbered from 0.
class Ledger {
 public:
  explicit Ledger(std::size_t subscribers) : next_(subscribers, 0) {}

  void heard(std::size_t subscriber, std::uint64_t number);
  void heard_damaged() { ++faults_.damaged; }

  /// Messages that arrived for the first time, over all subscribers.
  std::uint64_t delivered() const { return delivered_; }

  /// After `published` messages; what has not arrived by now is lost.
  Faults faults(std::uint64_t published) const;

 private:
  std::vector<std::uint64_t> next_;  // by subscriber
  /// What each was passed over for, and may still come late.
  std::unordered_map<std::size_t, std::set<std::uint64_t>> missing_;
  std::uint64_t delivered_ = 0;
  Faults faults_;
};

}  // namespace carillon::bench
