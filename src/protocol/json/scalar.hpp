// What strings, numbers and booleans of a validated text mean.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/bytes.hpp"
#include "protocol/json/object.hpp"

namespace carillon::json {

/// The text of a valid string, given with its quotes. A `\u0000` becomes an octet 0.
std::string decode_string(Bytes raw);

/// Whether the valid string `raw`, given with its quotes, decodes to `text`; allocates only
/// where it holds escapes.
bool string_is(Bytes raw, Bytes text);

/// Empty unless `value` is a number written without fraction and exponent, within the bounds.
std::optional<std::int64_t> read_integer(const Value& value, std::int64_t least, std::int64_t most);

/// Empty unless `value` is a boolean.
std::optional<bool> read_boolean(const Value& value);

}  // namespace carillon::json
