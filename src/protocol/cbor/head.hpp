// The head of a CBOR item: its kind and one number (RFC 8949 §3).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "core/bytes.hpp"
#include "core/result.hpp"
#include "protocol/cbor/error.hpp"

namespace carillon::cbor {

/// Source: RFC 8949 §3.1.
enum class Major : std::uint8_t {
  Unsigned = 0,
  Negative = 1,  // −1 − argument
  Octets = 2,
  Text = 3,
  Array = 4,
  Map = 5,
  Tag = 6,
  Simple = 7,  // and floats
};

/// Additional information that is no number of its own.
inline constexpr std::uint8_t kOneOctet = 24;
inline constexpr std::uint8_t kTwoOctets = 25;
inline constexpr std::uint8_t kFourOctets = 26;
inline constexpr std::uint8_t kEightOctets = 27;
inline constexpr std::uint8_t kIndefinite = 31;

// Simple values (§3.3).
inline constexpr std::uint8_t kFalse = 20;
inline constexpr std::uint8_t kTrue = 21;
inline constexpr std::uint8_t kNull = 22;
inline constexpr std::uint8_t kUndefined = 23;

/// The octet that ends what is of indefinite length.
inline constexpr char kBreak = '\xFF';

struct Head {
  Major major = Major::Unsigned;
  std::uint8_t info = 0;  // the low five bits
  std::uint64_t argument = 0;
  std::size_t head_bytes = 0;

  /// For a string, an array or a map; of Major::Simple it is the break.
  bool is_indefinite() const { return info == kIndefinite; }
};

/// Reads the head at the front of `octets`. Longer forms of a number than it needs are legal.
/// Shape:  empty optional when the octets end within it.
/// Errors: ReservedHead, BadIndefinite.
Result<std::optional<Head>, ErrorKind> parse_head(Bytes octets);

/// The same, of octets that are known to be valid, and taken off their front.
Head take_head(Bytes& octets);

}  // namespace carillon::cbor
