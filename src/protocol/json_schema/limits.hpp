// What a schema, and checking data against one, may cost.
#pragma once

#include <cstddef>
#include <cstdint>

namespace carillon::json_schema {

/// Schemas within one file, each `properties` entry and each `true` among them; a few hundred
/// octets of memory each.
inline constexpr std::size_t kMostSubschemas = 10'000;

/// Schemas within each other that look at the same piece of data (`allOf`, `if`, …). Times the
/// depth of the data it bounds the stack that a check takes.
inline constexpr std::size_t kMostInPlace = 16;

/// `$ref`s that lead to nothing but another one.
inline constexpr std::size_t kMostReferences = 100;

/// What one check may cost: so many steps, and so many more for each octet of the data. A step is
/// about a schema that looks at a value, 0.1 microseconds. Schemas that branch and meet again
/// (`anyOf` of two that refer to the whole) could otherwise double the work with each level.
inline constexpr std::uint64_t kLeastSteps = 20'000;
inline constexpr std::uint64_t kStepsPerOctet = 32;

}  // namespace carillon::json_schema
