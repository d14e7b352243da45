// Whether the keys of one object all differ: asked by every format that has objects.
#pragma once

#include <cstddef>
#include <optional>
#include <span>

#include "core/bytes.hpp"

namespace carillon {

/// A key as decoded, and where it stands in its text.
struct PlacedKey {
  Bytes text;
  std::size_t offset = 0;
};

/// The offset of the first key that repeats an earlier one; empty when all differ. Takes n·log n
/// comparisons of whole keys, which no choice of keys can make worse, as it could a hash table.
/// Lifetime: the keys may change their order.
std::optional<std::size_t> find_repeated_key(std::span<PlacedKey> keys);

}  // namespace carillon
