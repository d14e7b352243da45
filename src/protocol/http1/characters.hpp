// What each octet may be part of: one table, looked up once per octet.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "core/bytes.hpp"

namespace carillon::http1 {

enum class CharacterClass : std::uint8_t {
  Token = 1,            // tchar, RFC 9110 §5.6.2
  FieldValue = 2,       // SP, HTAB, VCHAR, obs-text, RFC 9110 §5.5
  Path = 4,             // pchar and `/`, RFC 3986 §3.3, and what browsers leave
  Query = 8,            // the same for queries, RFC 3986 §3.4
  RegisteredName = 16,  // unreserved and sub-delims but the comma, RFC 3986 §3.2.2
  Digit = 32,
  HexDigit = 64,
};

namespace detail {
constexpr std::uint8_t bit(CharacterClass character_class) {
  return static_cast<std::uint8_t>(character_class);
}

constexpr std::array<std::uint8_t, 256> make_character_table() {
  std::array<std::uint8_t, 256> table{};
  const auto mark = [&](Bytes octets, CharacterClass character_class) {
    for (const char octet : octets) {
      table[static_cast<unsigned char>(octet)] |= bit(character_class);
    }
  };
  constexpr Bytes kAlphanumeric = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  for (const auto part : {CharacterClass::Token, CharacterClass::Path, CharacterClass::Query,
                          CharacterClass::RegisteredName}) {
    mark(kAlphanumeric, part);
  }
  mark("!#$%&'*+-.^_`|~", CharacterClass::Token);
  mark("-._~%!$&'()*+;=", CharacterClass::RegisteredName);
  mark("-._~%!$&'()*+,;=:@/[]^|", CharacterClass::Path);
  mark("-._~%!$&'()*+,;=:@/[]^|?{}\\`", CharacterClass::Query);
  mark("0123456789", CharacterClass::Digit);
  mark("0123456789ABCDEFabcdef", CharacterClass::HexDigit);
  for (std::size_t octet = 0x20; octet < 256; ++octet) {
    if (octet != 0x7F) table[octet] |= bit(CharacterClass::FieldValue);
  }
  table['\t'] |= bit(CharacterClass::FieldValue);
  return table;
}

inline constexpr std::array<std::uint8_t, 256> kCharacterTable = make_character_table();
}  // namespace detail

constexpr bool is(char octet, CharacterClass character_class) {
  return (detail::kCharacterTable[static_cast<unsigned char>(octet)] &
          detail::bit(character_class)) != 0;
}

/// Spaces and tabs: OWS and BWS (RFC 9110 §5.6.3).
constexpr bool is_blank(char octet) {
  return octet == ' ' || octet == '\t';
}

/// The index of the first octet of `text`, from `begin` and before `end`, outside the class.
constexpr std::size_t skip(Bytes text, std::size_t begin, std::size_t end,
                           CharacterClass character_class) {
  while (begin < end && is(text[begin], character_class)) ++begin;
  return begin;
}

/// `skip` for field values, which are the most of a message: eight octets at a time while all of
/// them are visible ASCII or spaces.
inline std::size_t skip_field_value(Bytes text, std::size_t begin) {
  constexpr std::uint64_t kEach = 0x0101010101010101;
  for (std::uint64_t word = 0; text.size() - begin >= sizeof word; begin += sizeof word) {
    std::memcpy(&word, text.data() + begin, sizeof word);
    // The high bit of an octet tells: not ASCII, above 0x7E, or below 0x20.
    if (((word | (word + kEach) | (word - 0x20 * kEach)) & (0x80 * kEach)) != 0) break;
  }
  return skip(text, begin, text.size(), CharacterClass::FieldValue);
}

constexpr bool consists_of(Bytes text, CharacterClass character_class) {
  return skip(text, 0, text.size(), character_class) == text.size();
}

constexpr bool is_token(Bytes text) {
  return !text.empty() && consists_of(text, CharacterClass::Token);
}

/// The value of a hexadecimal digit.
constexpr std::uint8_t hex_value(char digit) {
  if (digit <= '9') return static_cast<std::uint8_t>(digit - '0');
  return static_cast<std::uint8_t>((digit | 0x20) - 'a' + 10);
}

constexpr char lower(char octet) {
  return octet >= 'A' && octet <= 'Z' ? static_cast<char>(octet | 0x20) : octet;
}

/// ASCII only: names and tokens have no other letters.
constexpr bool equal_ignoring_case(Bytes left, Bytes right) {
  if (left.size() != right.size()) return false;
  for (std::size_t index = 0; index < left.size(); ++index) {
    if (lower(left[index]) != lower(right[index])) return false;
  }
  return true;
}

constexpr Bytes trim_blanks(Bytes text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

}  // namespace carillon::http1
