// What a CBOR item may cost.
#pragma once

#include <cstddef>

namespace carillon::cbor {

struct Limits {
  /// Arrays and maps within each other, as in JSON.
  std::size_t depth = 64;
  /// Members that `parse_map` lists, 40 bytes each.
  std::size_t items = 1024;
};

}  // namespace carillon::cbor
