// One valid CBOR item as a piece of its octets, and what strings, numbers and booleans mean.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/bytes.hpp"

namespace carillon::cbor {

enum class Kind : std::uint8_t {
  Integer,
  Octets,
  Text,
  Array,
  Map,
  Tag,
  Boolean,
  Null,  // undefined, too
  Float,
  Simple,  // any other simple value
};

/// Lifetime: a view into the octets that it was parsed from.
struct Item {
  Bytes raw;
  Kind kind = Kind::Null;
};

/// The kind of the valid item that begins `octets`.
Kind kind_of(Bytes octets);

/// What is within a string of definite length; empty for one in pieces, and for another kind.
/// Lifetime: a view into the item.
std::optional<Bytes> read_whole_string(const Item& item);

/// What is within a string of either kind; empty for another kind.
std::optional<std::string> read_string(const Item& item);

/// Empty unless it is an integer (and no float) within the bounds.
std::optional<std::int64_t> read_integer(const Item& item, std::int64_t least, std::int64_t most);

/// Empty unless it is an integer or a float; floats of all sizes, integers to the nearest.
std::optional<double> read_number(const Item& item);

std::optional<bool> read_boolean(const Item& item);

}  // namespace carillon::cbor
