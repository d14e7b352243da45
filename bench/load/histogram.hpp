// Latencies in buckets whose width grows with the value: any range, a fixed relative error.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace carillon::bench {

/// After Gil Tene's HdrHistogram: below 128 a bucket is one unit wide, and each further doubling
/// has 64 buckets, so that a value is known to 1/64.
class Histogram {
 public:
  void add(std::uint64_t value) {
    ++counts_[index_of(value)];
    ++total_;
    greatest_ = std::max(greatest_, value);
  }

  std::uint64_t total() const { return total_; }
  std::uint64_t greatest() const { return greatest_; }

  /// The least value that at least this part (0–1) of all does not exceed, at most 1/64 too high.
  std::uint64_t quantile(double part) const {
    const auto wanted = std::max<std::uint64_t>(
        1, static_cast<std::uint64_t>(part * static_cast<double>(total_) + 0.5));
    std::uint64_t seen = 0;
    for (std::size_t index = 0; index < counts_.size(); ++index) {
      seen += counts_[index];
      if (seen >= wanted) return std::min(top_of(index), greatest_);
    }
    return greatest_;
  }

  /// Calls `visit(greatest value of the bucket, count)` for each bucket that is not empty.
  template <class Visit>
  void for_each(Visit visit) const {
    for (std::size_t index = 0; index < counts_.size(); ++index) {
      if (counts_[index] > 0) visit(top_of(index), counts_[index]);
    }
  }

 private:
  static constexpr unsigned kBits = 6;
  static constexpr std::uint64_t kHalf = std::uint64_t{1} << kBits;

  static std::size_t index_of(std::uint64_t value) {
    if (value < 2 * kHalf) return static_cast<std::size_t>(value);
    const auto shift = static_cast<unsigned>(std::bit_width(value)) - kBits - 1;
    return static_cast<std::size_t>(shift * kHalf + (value >> shift));
  }
  static std::uint64_t top_of(std::size_t index) {
    if (index < 2 * kHalf) return index;
    const auto shift = static_cast<unsigned>(index / kHalf) - 1;
    return ((index - shift * kHalf + 1) << shift) - 1;
  }

  std::array<std::uint64_t, (64 - kBits + 1) * kHalf> counts_{};
  std::uint64_t total_ = 0;
  std::uint64_t greatest_ = 0;
};

}  // namespace carillon::bench
