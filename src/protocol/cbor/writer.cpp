#include "protocol/cbor/writer.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <optional>
#include <span>

#include "core/check.hpp"
#include "core/utf8.hpp"
#include "protocol/cbor/head.hpp"

namespace carillon::cbor {
namespace {

void append_big_endian(std::string& out, std::uint64_t value, int octet_count) {
  for (int shift = 8 * (octet_count - 1); shift >= 0; shift -= 8) {
    out.push_back(static_cast<char>(value >> shift & 0xFF));
  }
}

char initial(Major major, std::uint64_t info) {
  return static_cast<char>(static_cast<unsigned>(major) << 5 | static_cast<unsigned>(info));
}

void append_head(std::string& out, Major major, std::uint64_t argument) {
  if (argument < kOneOctet) {
    out.push_back(initial(major, argument));
    return;
  }
  const bool fits_1 = argument <= 0xFF;
  const bool fits_2 = argument <= 0xFFFF;
  const bool fits_4 = argument <= 0xFFFF'FFFF;
  const int width = fits_1 ? 0 : fits_2 ? 1 : fits_4 ? 2 : 3;
  out.push_back(initial(major, kOneOctet + static_cast<unsigned>(width)));
  append_big_endian(out, argument, 1 << width);
}

/// The float of two octets that is exactly this one, if there is one.
std::optional<std::uint16_t> as_half(float value) {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  const auto sign = static_cast<std::uint16_t>(bits >> 16 & 0x8000);
  const int exponent = static_cast<int>(bits >> 23 & 0xFF) - 127;
  const std::uint32_t mantissa = bits & 0x7F'FFFF;
  if ((bits & 0x7FFF'FFFF) == 0) return sign;
  if (std::isinf(value)) return static_cast<std::uint16_t>(sign | 0x7C00);
  if (std::isnan(value)) return std::uint16_t{0x7E00};  // one of them for all
  if (exponent > 15 || exponent < -24) return std::nullopt;
  if (exponent >= -14) {
    if ((mantissa & 0x1FFF) != 0) return std::nullopt;
    return static_cast<std::uint16_t>(sign | (exponent + 15) << 10 |
                                      static_cast<int>(mantissa >> 13));
  }
  // Subnormal: the leading one becomes visible and moves down.
  const std::uint32_t whole = mantissa | 0x80'0000;
  const int shift = -exponent - 1;
  if ((whole & ((1U << shift) - 1)) != 0) return std::nullopt;
  return static_cast<std::uint16_t>(sign | static_cast<int>(whole >> shift));
}

/// Of short keys: the encoded ones compare as their lengths, then their characters (§4.2.1).
bool comes_before(Bytes left, Bytes right) {
  return left.size() != right.size() ? left.size() < right.size() : left < right;
}

}  // namespace

void append_unsigned(std::string& out, std::uint64_t value) {
  append_head(out, Major::Unsigned, value);
}

void append_integer(std::string& out, std::int64_t value) {
  if (value >= 0) return append_unsigned(out, static_cast<std::uint64_t>(value));
  append_head(out, Major::Negative, static_cast<std::uint64_t>(-1 - value));
}

void append_text(std::string& out, Bytes text) {
  if (!is_utf8(text)) return append_text(out, to_utf8(text));
  append_head(out, Major::Text, text.size());
  out.append(text);
}

void append_octets(std::string& out, Bytes octets) {
  append_head(out, Major::Octets, octets.size());
  out.append(octets);
}

void append_boolean(std::string& out, bool value) {
  out.push_back(initial(Major::Simple, value ? kTrue : kFalse));
}

void append_float(std::string& out, double value) {
  constexpr double kLargestFloat = std::numeric_limits<float>::max();
  const bool is_in_range = !std::isfinite(value) || std::abs(value) <= kLargestFloat;
  const float narrow = is_in_range ? static_cast<float>(value) : 0;
  const bool is_exact = std::isnan(value) || (is_in_range && static_cast<double>(narrow) == value);
  const std::optional<std::uint16_t> half = is_exact ? as_half(narrow) : std::nullopt;
  if (half) {
    out.push_back(initial(Major::Simple, kTwoOctets));
    append_big_endian(out, *half, 2);
  } else if (is_exact) {
    out.push_back(initial(Major::Simple, kFourOctets));
    append_big_endian(out, std::bit_cast<std::uint32_t>(narrow), 4);
  } else {
    out.push_back(initial(Major::Simple, kEightOctets));
    append_big_endian(out, std::bit_cast<std::uint64_t>(value), 8);
  }
}

void append_array_head(std::string& out, std::size_t count) {
  append_head(out, Major::Array, count);
}

MapWriter::MapWriter(std::string& out) : out_(out), from_(out.size()) {
  out_.push_back(initial(Major::Map, 0));
}

MapWriter& MapWriter::text(Bytes key, Bytes value) {
  append_text(begin(key), value);
  return *this;
}

MapWriter& MapWriter::boolean(Bytes key, bool value) {
  append_boolean(begin(key), value);
  return *this;
}

MapWriter& MapWriter::raw(Bytes key, Bytes item) {
  begin(key).append(item);
  return *this;
}

std::string& MapWriter::begin(Bytes key) {
  CARILLON_CHECK(count_ < kMostMembers && key.size() < kOneOctet);
  starts_[count_++] = out_.size();
  out_.push_back(initial(Major::Text, key.size()));
  out_.append(key);
  return out_;
}

void MapWriter::finish() {
  struct Written {
    Bytes key;
    Bytes member;
  };
  out_[from_] = initial(Major::Map, count_);
  std::array<Written, kMostMembers> written;
  for (std::size_t i = 0; i < count_; ++i) {
    const std::size_t end = i + 1 < count_ ? starts_[i + 1] : out_.size();
    const Bytes member = Bytes(out_).substr(starts_[i], end - starts_[i]);
    const std::size_t key_bytes = static_cast<unsigned char>(member.front()) & 0x1F;
    written[i] = {.key = member.substr(1, key_bytes), .member = member};
  }
  const auto members = std::span(written).first(count_);
  if (std::ranges::is_sorted(members, comes_before, &Written::key)) return;
  std::ranges::sort(members, comes_before, &Written::key);
  std::string ordered;
  ordered.reserve(out_.size() - from_);
  for (const Written& each : members) ordered.append(each.member);
  out_.replace(from_ + 1, std::string::npos, ordered);
}

}  // namespace carillon::cbor
