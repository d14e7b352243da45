// The gate of the hot path: application data passes as it came, so it must be JSON to every
// reader behind us.
#pragma once

#include "core/bytes.hpp"
#include "core/result.hpp"
#include "protocol/json/error.hpp"
#include "protocol/json/limits.hpp"

namespace carillon::json {

/// Checks that `text` is one JSON value in UTF-8, with white space around it at most.
/// Shape:  one pass without recursion; numbers of any size and precision are legal. Keys are
///         compared as decoded, in every object, in O(n log n) whatever they are; up to 64 keys
///         in open objects at one time cost no allocation.
/// Errors: all but TooMany, NotAnObject, NotAnArray.
/// Source: RFC 8259.
Result<void, Error> validate(Bytes text, const Limits& limits = {});

}  // namespace carillon::json
