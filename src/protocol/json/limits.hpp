// What a JSON text may cost.
#pragma once

#include <cstddef>

namespace carillon::json {

struct Limits {
  /// Containers within each other; our own scanner would not mind more, many readers' would.
  std::size_t depth = 64;
  /// Members or elements that `parse_object` and `parse_array` list, 40 bytes each.
  std::size_t items = 1024;
};

}  // namespace carillon::json
