#include "protocol/json_schema/number.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <string_view>

namespace carillon::json_schema {
namespace {

constexpr double kTwoTo63 = 9223372036854775808.0;

__extension__ using Wide = unsigned __int128;

/// `digits` times ten to the power of `exponent`; the sign does not matter for multiples.
struct Decimal {
  std::uint64_t digits = 0;
  int exponent = 0;
};

Decimal decimal_of(double value) {
  std::array<char, 32> buffer;  // at most 17 digits, a point, and an exponent of 3 digits
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), std::fabs(value),
                                 std::chars_format::scientific);
  const std::string_view text(buffer.data(), static_cast<std::size_t>(end.ptr - buffer.data()));
  const std::size_t mark = text.find('e');
  Decimal decimal;
  for (const char octet : text.substr(0, mark)) {
    if (octet == '.') continue;
    decimal.digits = decimal.digits * 10 + static_cast<std::uint64_t>(octet - '0');
  }
  const std::size_t sign = text[mark + 1] == '+' ? 1 : 0;
  std::from_chars(text.data() + mark + 1 + sign, text.data() + text.size(), decimal.exponent);
  if (mark > 1) decimal.exponent -= static_cast<int>(mark) - 2;
  return decimal;
}

Decimal decimal_of(const Number& number) {
  if (const auto* real = std::get_if<double>(&number)) return decimal_of(*real);
  const auto integer = std::get<std::int64_t>(number);
  const auto bits = static_cast<std::uint64_t>(integer);
  return {.digits = integer < 0 ? 0 - bits : bits};
}

std::uint64_t times(std::uint64_t left, std::uint64_t right, std::uint64_t modulus) {
  return static_cast<std::uint64_t>(Wide{left} * right % modulus);
}

/// 10 to the power of `exponent`, modulo `modulus`.
std::uint64_t power_of_ten(int exponent, std::uint64_t modulus) {
  std::uint64_t power = 1 % modulus;
  std::uint64_t square = 10 % modulus;
  for (; exponent > 0; exponent /= 2) {
    if (exponent % 2 == 1) power = times(power, square, modulus);
    square = times(square, square, modulus);
  }
  return power;
}

std::partial_ordering compare_mixed(std::int64_t integer, double real) {
  if (real >= kTwoTo63) return std::partial_ordering::less;
  if (real < -kTwoTo63) return std::partial_ordering::greater;
  // It has a fraction, so its floor is exact and below it.
  return integer <= static_cast<std::int64_t>(std::floor(real)) ? std::partial_ordering::less
                                                                : std::partial_ordering::greater;
}

}  // namespace

Number make_number(double value) {
  const bool fits = value >= -kTwoTo63 && value < kTwoTo63 && std::trunc(value) == value;
  if (fits) return static_cast<std::int64_t>(value);
  return value;
}

std::partial_ordering compare(const Number& left, const Number& right) {
  const auto* left_integer = std::get_if<std::int64_t>(&left);
  const auto* right_integer = std::get_if<std::int64_t>(&right);
  if (left_integer != nullptr && right_integer != nullptr) return *left_integer <=> *right_integer;
  if (left_integer != nullptr) return compare_mixed(*left_integer, std::get<double>(right));
  if (right_integer != nullptr) return 0 <=> compare_mixed(*right_integer, std::get<double>(left));
  return std::get<double>(left) <=> std::get<double>(right);
}

bool is_integer(const Number& number) {
  const auto* real = std::get_if<double>(&number);
  return real == nullptr || std::trunc(*real) == *real;
}

bool is_multiple(const Number& value, const Number& divisor) {
  const Decimal whole = decimal_of(value);
  const Decimal part = decimal_of(divisor);
  if (whole.digits == 0) return true;
  const int shift = whole.exponent - part.exponent;
  if (shift >= 0) {
    return times(whole.digits % part.digits, power_of_ten(shift, part.digits), part.digits) == 0;
  }
  // The divisor's digits get zeros behind them until they are more than the whole has.
  Wide scaled = part.digits;
  for (int i = 0; i < -shift; ++i) {
    scaled *= 10;
    if (scaled > whole.digits) return false;
  }
  return whole.digits % static_cast<std::uint64_t>(scaled) == 0;
}

}  // namespace carillon::json_schema
