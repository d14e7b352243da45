#include "protocol/cbor/item.hpp"

#include <bit>
#include <cmath>
#include <limits>

#include "protocol/cbor/head.hpp"

namespace carillon::cbor {
namespace {

Kind kind_of_simple(const Head& head) {
  if (head.info >= kTwoOctets && head.info <= kEightOctets) return Kind::Float;
  switch (head.argument) {
    case kFalse:
    case kTrue:
      return Kind::Boolean;
    case kNull:
    case kUndefined:
      return Kind::Null;
    default:
      return Kind::Simple;
  }
}

/// RFC 8949 Appendix D.
double from_half(std::uint64_t bits) {
  const int exponent = static_cast<int>(bits >> 10 & 0x1F);
  const auto mantissa = static_cast<double>(bits & 0x3FF);
  double value = std::ldexp(mantissa + 1024, exponent - 25);
  if (exponent == 0) value = std::ldexp(mantissa, -24);
  if (exponent == 31) {
    value = mantissa == 0 ? std::numeric_limits<double>::infinity()
                          : std::numeric_limits<double>::quiet_NaN();
  }
  return (bits & 0x8000) != 0 ? -value : value;
}

double float_of(const Head& head) {
  if (head.info == kTwoOctets) return from_half(head.argument);
  if (head.info == kFourOctets) {
    return static_cast<double>(std::bit_cast<float>(static_cast<std::uint32_t>(head.argument)));
  }
  return std::bit_cast<double>(head.argument);
}

}  // namespace

Kind kind_of(Bytes octets) {
  const Head head = take_head(octets);
  switch (head.major) {
    case Major::Unsigned:
    case Major::Negative:
      return Kind::Integer;
    case Major::Octets:
      return Kind::Octets;
    case Major::Text:
      return Kind::Text;
    case Major::Array:
      return Kind::Array;
    case Major::Map:
      return Kind::Map;
    case Major::Tag:
      return Kind::Tag;
    case Major::Simple:
      break;
  }
  return kind_of_simple(head);
}

std::optional<Bytes> read_whole_string(const Item& item) {
  if (item.kind != Kind::Text && item.kind != Kind::Octets) return std::nullopt;
  Bytes rest = item.raw;
  const Head head = take_head(rest);
  return head.is_indefinite() ? std::nullopt : std::optional(rest);
}

std::optional<std::string> read_string(const Item& item) {
  if (const auto whole = read_whole_string(item)) return std::string(*whole);
  if (item.kind != Kind::Text && item.kind != Kind::Octets) return std::nullopt;
  Bytes rest = item.raw;
  take_head(rest);
  std::string joined;
  while (rest.front() != kBreak) {
    const auto size = static_cast<std::size_t>(take_head(rest).argument);
    joined.append(rest.substr(0, size));
    rest.remove_prefix(size);
  }
  return joined;
}

std::optional<std::int64_t> read_integer(const Item& item, std::int64_t least, std::int64_t most) {
  if (item.kind != Kind::Integer) return std::nullopt;
  Bytes rest = item.raw;
  const Head head = take_head(rest);
  if (head.argument > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
    return std::nullopt;
  }
  const auto magnitude = static_cast<std::int64_t>(head.argument);
  const std::int64_t value = head.major == Major::Negative ? -1 - magnitude : magnitude;
  if (value < least || value > most) return std::nullopt;
  return value;
}

std::optional<double> read_number(const Item& item) {
  if (item.kind != Kind::Integer && item.kind != Kind::Float) return std::nullopt;
  Bytes rest = item.raw;
  const Head head = take_head(rest);
  if (item.kind == Kind::Float) return float_of(head);
  const auto magnitude = static_cast<double>(head.argument);
  return head.major == Major::Negative ? -1 - magnitude : magnitude;
}

std::optional<bool> read_boolean(const Item& item) {
  if (item.kind != Kind::Boolean) return std::nullopt;
  Bytes rest = item.raw;
  return take_head(rest).argument == kTrue;
}

}  // namespace carillon::cbor
