// Numbers as schemas compare them: exactly, as far as 64 bits go.
#pragma once

#include <compare>
#include <cstdint>
#include <variant>

namespace carillon::json_schema {

/// The double is never an integer that the other could hold, so the two never mean the same.
using Number = std::variant<std::int64_t, double>;

/// The one form of `value`.
Number make_number(double value);

std::partial_ordering compare(const Number& left, const Number& right);

/// Whether it has no fraction (draft 7: 1.0 and 1e300 are integers).
bool is_integer(const Number& number);

/// Whether `value` is a multiple of `divisor`, which is above zero, as their shortest decimals say:
/// 0.3 is one of 0.1, which no division of doubles would tell.
bool is_multiple(const Number& value, const Number& divisor);

}  // namespace carillon::json_schema
