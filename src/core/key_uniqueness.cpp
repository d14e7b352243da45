#include "core/key_uniqueness.hpp"

#include <algorithm>

namespace carillon {
namespace {

/// Up to here comparing each key with each other is cheaper than sorting.
constexpr std::size_t kFewKeys = 12;

std::optional<std::size_t> find_among_few(std::span<const PlacedKey> keys) {
  for (std::size_t later = 1; later < keys.size(); ++later) {
    for (std::size_t earlier = 0; earlier < later; ++earlier) {
      if (keys[earlier].text == keys[later].text) return keys[later].offset;
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::size_t> find_repeated_key(std::span<PlacedKey> keys) {
  if (keys.size() <= kFewKeys) return find_among_few(keys);
  std::ranges::sort(keys, [](const PlacedKey& left, const PlacedKey& right) {
    const int order = left.text.compare(right.text);
    return order != 0 ? order < 0 : left.offset < right.offset;
  });
  std::optional<std::size_t> repeated;
  for (std::size_t i = 1; i < keys.size(); ++i) {
    if (keys[i - 1].text != keys[i].text) continue;
    repeated = std::min(repeated.value_or(keys[i].offset), keys[i].offset);
  }
  return repeated;
}

}  // namespace carillon
