#include "server/config_nearest.hpp"

#include <algorithm>
#include <cstddef>
#include <vector>

namespace carillon::server {
namespace {

/// Names are short; what is longer than any is not compared.
constexpr std::size_t kMaxNameBytes = 100;

/// The optimal string alignment distance, row by row.
std::size_t distance(std::string_view left, std::string_view right) {
  std::vector<std::size_t> before(right.size() + 1);
  std::vector<std::size_t> above(right.size() + 1);
  std::vector<std::size_t> row(right.size() + 1);
  for (std::size_t j = 0; j <= right.size(); ++j) above[j] = j;
  for (std::size_t i = 1; i <= left.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= right.size(); ++j) {
      const std::size_t replaced = above[j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1);
      row[j] = std::min({replaced, above[j] + 1, row[j - 1] + 1});
      const bool swapped =
          i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1];
      if (swapped) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    before.swap(above);
    above.swap(row);
  }
  return above[right.size()];
}

}  // namespace

std::optional<std::string> nearest_name(std::string_view name,
                                        std::span<const std::string> candidates) {
  if (name.size() > kMaxNameBytes) return std::nullopt;
  // A third of a name may be wrong, or one octet of the shortest.
  std::size_t best = std::max<std::size_t>(1, name.size() / 3) + 1;
  std::optional<std::string> nearest;
  for (const std::string& candidate : candidates) {
    const std::size_t slips = distance(name, candidate);
    if (slips >= best || slips >= candidate.size()) continue;
    best = slips;
    nearest = candidate;
  }
  return nearest;
}

}  // namespace carillon::server
