#include "protocol/engineio/counted_payload.hpp"

#include <charconv>
#include <string_view>

#include "protocol/engineio/payload.hpp"

namespace carillon::engineio {
namespace {

/// A payload is never that long.
constexpr std::size_t kMostDigits = 9;

constexpr char kLengthEnd = '\xff';

/// Octets of the code point that begins with `lead`; 0: none does.
std::size_t width_of(char lead) {
  const auto octet = static_cast<unsigned char>(lead);
  if (octet < 0x80) return 1;
  if (octet < 0xC0) return 0;
  if (octet < 0xE0) return 2;
  return octet < 0xF0 ? 3 : 4;
}

/// Those beyond the basic plane are a pair of units.
std::size_t units_of(std::size_t width) {
  return width == 4 ? 2 : 1;
}

std::size_t count_units(Bytes text) {
  std::size_t units = 0;
  for (const char octet : text) {
    if (const std::size_t width = width_of(octet)) units += units_of(width);
  }
  return units;
}

/// The octets of the first so many units. Empty: there are less, or they end within a pair.
std::optional<std::size_t> octets_of(Bytes text, std::size_t units) {
  std::size_t at = 0;
  while (units > 0) {
    const std::size_t width = at < text.size() ? width_of(text[at]) : 0;
    if (width == 0 || width > text.size() - at || units_of(width) > units) return std::nullopt;
    at += width;
    units -= units_of(width);
  }
  return at;
}

void append_counted_text(std::string& out, const Packet& packet) {
  std::string text;
  append_packet(text, packet, Version::V3);
  out.append(std::to_string(count_units(text))).append(":").append(text);
}

void append_counted_octets(std::string& out, const Packet& packet) {
  std::string octets;
  const bool is_binary = packet.kind == DataKind::Binary;
  if (is_binary) {
    append_binary_packet(octets, packet.data, Version::V3);
  } else {
    append_packet(octets, packet, Version::V3);
  }
  out.push_back(is_binary ? '\1' : '\0');
  for (const char digit : std::to_string(octets.size())) {
    out.push_back(static_cast<char>(digit - '0'));
  }
  out.append(1, kLengthEnd).append(octets);
}

bool has_binary(Bytes payload) {
  for (PayloadReader reader(payload); !reader.at_end();) {
    const auto packet = reader.next();
    if (packet && packet->kind == DataKind::Binary) return true;
  }
  return false;
}

}  // namespace

std::optional<CountedPiece> take_counted_text(Bytes& rest) {
  const std::size_t colon = rest.substr(0, kMostDigits + 1).find(':');
  if (colon == Bytes::npos) return std::nullopt;
  std::size_t units = 0;
  const auto [end, error] = std::from_chars(rest.data(), rest.data() + colon, units);
  if (error != std::errc() || end != rest.data() + colon) return std::nullopt;
  const Bytes text = rest.substr(colon + 1);
  const auto length = octets_of(text, units);
  if (!length) return std::nullopt;
  rest = text.substr(*length);
  return CountedPiece{.data = text.substr(0, *length)};
}

std::optional<CountedPiece> take_counted_octets(Bytes& rest) {
  if (rest.empty() || (rest.front() != '\0' && rest.front() != '\1')) return std::nullopt;
  const std::size_t end = rest.substr(0, kMostDigits + 2).find(kLengthEnd);
  if (end == Bytes::npos || end == 1) return std::nullopt;
  std::size_t length = 0;
  for (const char digit : rest.substr(1, end - 1)) {
    if (digit < 0 || digit > 9) return std::nullopt;
    length = length * 10 + static_cast<std::size_t>(digit);
  }
  const Bytes octets = rest.substr(end + 1);
  if (length > octets.size()) return std::nullopt;
  const DataKind kind = rest.front() == '\0' ? DataKind::Text : DataKind::Binary;
  rest = octets.substr(length);
  return CountedPiece{.kind = kind, .data = octets.substr(0, length)};
}

CountedPayload to_counted(Bytes payload, bool text_only) {
  CountedPayload counted;
  if (!text_only && has_binary(payload)) counted.kind = DataKind::Binary;
  for (PayloadReader reader(payload); !reader.at_end();) {
    const auto packet = reader.next();
    if (!packet) break;
    if (counted.kind == DataKind::Binary) {
      append_counted_octets(counted.body, *packet);
    } else {
      append_counted_text(counted.body, *packet);
    }
  }
  return counted;
}

}  // namespace carillon::engineio
