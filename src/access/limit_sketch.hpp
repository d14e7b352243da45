// The cells in which a number is kept for any number of keys, in constant memory.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <new>

#include "access/limit_key.hpp"

namespace carillon::access {

/// A count-min sketch (Cormode and Muthukrishnan, 2005): every key has a cell in each row, and
/// shares it with others; the row where it shares least tells its number. Under a hundred thousand
/// keys at a time, one in a hundred shares all of its cells.
/// Thread: any; the cells are read and written as atomics.
template <class Number>
class LimitSketch {
 public:
  static constexpr std::size_t kRows = 4;
  static constexpr std::size_t kRowCells = std::size_t{1} << 18;

  LimitSketch() : cells_(static_cast<Number*>(std::calloc(kRows * kRowCells, sizeof(Number)))) {
    if (!cells_) throw std::bad_alloc();
  }

  std::array<Number*, kRows> cells_of(LimitKey key) const {
    // Two independent hashes make any number of them (Kirsch and Mitzenmacher, 2006).
    const std::uint64_t step = (key.value >> 32) | 1U;
    std::array<Number*, kRows> cells{};
    for (std::size_t row = 0; row < kRows; ++row) {
      const std::size_t column = (key.value + row * step) % kRowCells;
      cells[row] = &cells_[row * kRowCells + column];
    }
    return cells;
  }

 private:
  struct Free {
    void operator()(Number* cells) const { std::free(cells); }
  };
  /// Zeros that the kernel gives when they are first written to.
  std::unique_ptr<Number[], Free> cells_;
};

}  // namespace carillon::access
