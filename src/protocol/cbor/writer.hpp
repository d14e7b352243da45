// CBOR, appended to a string piece by piece, always the one deterministic form of a value
// (RFC 8949 §4.2.1): shortest heads and floats, definite lengths, keys in order.
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

#include "core/bytes.hpp"

namespace carillon::cbor {

void append_unsigned(std::string& out, std::uint64_t value);
void append_integer(std::string& out, std::int64_t value);
/// Octets that are not UTF-8 become U+FFFD, so that the result is valid whatever is quoted.
void append_text(std::string& out, Bytes text);
void append_octets(std::string& out, Bytes octets);
void append_boolean(std::string& out, bool value);
/// A float of 2, 4 or 8 octets: the shortest that is exactly this.
void append_float(std::string& out, double value);
/// `count` items follow.
void append_array_head(std::string& out, std::size_t count);

/// Writes one map member by member, in any order.
/// Lifetime: `out` must outlive it. Keys are our own words: ASCII, of at most 23 characters, at
///           most 23 of them, none twice.
class MapWriter {
 public:
  explicit MapWriter(std::string& out);

  MapWriter& text(Bytes key, Bytes value);
  MapWriter& integer(Bytes key, std::integral auto value) {
    if (std::cmp_less(value, 0)) {
      append_integer(begin(key), static_cast<std::int64_t>(value));
    } else {
      append_unsigned(begin(key), static_cast<std::uint64_t>(value));
    }
    return *this;
  }
  MapWriter& boolean(Bytes key, bool value);
  /// `item` is one valid item.
  MapWriter& raw(Bytes key, Bytes item);
  /// Starts a member and returns the string to append its value to.
  std::string& begin(Bytes key);
  /// Puts the members in order.
  void finish();

 private:
  static constexpr std::size_t kMostMembers = 23;  // a head of one octet

  std::string& out_;
  std::size_t from_;
  std::size_t count_ = 0;
  std::array<std::size_t, kMostMembers> starts_;  // of each member
};

}  // namespace carillon::cbor
