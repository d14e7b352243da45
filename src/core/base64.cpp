#include "core/base64.hpp"

#include <array>
#include <cstdint>

namespace carillon {
namespace {

constexpr std::string_view kStandard =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kUrlSafe =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

using ReverseTable = std::array<std::int8_t, 256>;

constexpr ReverseTable reverse(std::string_view alphabet) {
  ReverseTable table{};
  table.fill(-1);
  for (std::size_t value = 0; value < alphabet.size(); ++value) {
    table[static_cast<unsigned char>(alphabet[value])] = static_cast<std::int8_t>(value);
  }
  return table;
}

/// Appends the digits, without padding.
void append_digits(std::string& text, Bytes octets, std::string_view alphabet) {
  std::uint32_t bits = 0;
  int count = 0;
  for (const char octet : octets) {
    bits = bits << 8 | static_cast<unsigned char>(octet);
    for (count += 8; count >= 6; count -= 6) text.push_back(alphabet[bits >> (count - 6) & 63]);
  }
  if (count > 0) text.push_back(alphabet[bits << (6 - count) & 63]);
}

/// Decodes digits without padding. Empty when one is foreign, a lone digit is left over, or
/// the unused bits of the last are not zero (two texts would then name the same octets).
std::optional<std::string> decode(Bytes digits, const ReverseTable& table) {
  if (digits.size() % 4 == 1) return std::nullopt;
  std::string octets;
  octets.reserve(digits.size() * 3 / 4);
  std::uint32_t bits = 0;
  int count = 0;
  for (const char digit : digits) {
    const int value = table[static_cast<unsigned char>(digit)];
    if (value < 0) return std::nullopt;
    bits = bits << 6 | static_cast<std::uint32_t>(value);
    count += 6;
    if (count >= 8) {
      count -= 8;
      octets.push_back(static_cast<char>(bits >> count & 0xFF));
    }
  }
  if ((bits & ((1U << count) - 1)) != 0) return std::nullopt;
  return octets;
}

}  // namespace

std::string base64_encode(Bytes octets) {
  std::string text;
  text.reserve((octets.size() + 2) / 3 * 4);
  append_base64(text, octets);
  return text;
}

void append_base64(std::string& out, Bytes octets) {
  append_digits(out, octets, kStandard);
  out.append((3 - octets.size() % 3) % 3, '=');
}

std::optional<std::string> base64_decode(Bytes text) {
  static constexpr ReverseTable kTable = reverse(kStandard);
  if (text.size() % 4 != 0) return std::nullopt;
  for (int padding = 0; padding < 2 && text.ends_with('='); ++padding) text.remove_suffix(1);
  return decode(text, kTable);
}

std::string base64url_encode(Bytes octets) {
  std::string text;
  text.reserve((octets.size() * 4 + 2) / 3);
  append_digits(text, octets, kUrlSafe);
  return text;
}

std::optional<std::string> base64url_decode(Bytes text) {
  static constexpr ReverseTable kTable = reverse(kUrlSafe);
  return decode(text, kTable);
}

}  // namespace carillon
