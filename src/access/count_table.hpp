// How many there are at a time, by key, for all reactors together.
#pragma once

#include <cstddef>
#include <cstdint>

#include "access/limit_key.hpp"
#include "access/limit_sketch.hpp"

namespace carillon::access {

/// Counts for any number of keys. Keys that share all their cells are counted together.
/// Memory: at most 4 MiB, whoever comes.
/// Thread: any.
class CountTable {
 public:
  /// Adds one, unless there are `limit` already (0: any number).
  bool try_add(LimitKey key, std::size_t limit);
  /// Takes back what try_add has added.
  void remove(LimitKey key);
  std::size_t count(LimitKey key) const;

 private:
  LimitSketch<std::uint32_t> counts_;
};

}  // namespace carillon::access
