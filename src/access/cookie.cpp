#include "access/cookie.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "core/check.hpp"

namespace carillon::access {
namespace {

constexpr Bytes kHexDigits = "0123456789abcdef";

std::uint64_t fnv1a(std::span<const Bytes> channels) {
  std::uint64_t hash = 0xcbf29ce484222325U;
  const auto mix = [&hash](char octet) {
    hash = (hash ^ static_cast<std::uint8_t>(octet)) * 0x100000001b3U;
  };
  for (const Bytes channel : channels) {
    for (const char octet : channel) mix(octet);
    mix('\n');  // no channel's name has one: the list `a`, `b` is not the list `ab`
  }
  return hash;
}

Bytes trim(Bytes text) {
  while (text.starts_with(' ') || text.starts_with('\t')) text.remove_prefix(1);
  while (text.ends_with(' ') || text.ends_with('\t')) text.remove_suffix(1);
  return text;
}

bool is_cookie_octet(char octet) {
  return octet > ' ' && octet < 0x7f && Bytes("\",;\\").find(octet) == Bytes::npos;
}

bool is_path_octet(char octet) {
  return octet >= ' ' && octet < 0x7f && octet != ';';
}

}  // namespace

std::optional<Bytes> find_cookie(Bytes field, Bytes name) {
  while (true) {
    const std::size_t semicolon = field.find(';');
    const Bytes pair = field.substr(0, semicolon);
    const std::size_t equals = pair.find('=');
    if (equals != Bytes::npos && trim(pair.substr(0, equals)) == name) {
      return trim(pair.substr(equals + 1));
    }
    if (semicolon == Bytes::npos) return std::nullopt;
    field.remove_prefix(semicolon + 1);
  }
}

std::string position_cookie_name(std::span<const Bytes> channels) {
  std::string name = "carillon_position_";
  const std::uint64_t hash = fnv1a(channels);
  for (int shift = 60; shift >= 0; shift -= 4) name += kHexDigits[(hash >> shift) & 0xf];
  return name;
}

std::string format_position_cookie(Bytes name, Bytes value, Bytes path, Scheme scheme) {
  CARILLON_CHECK(std::all_of(value.begin(), value.end(), is_cookie_octet));
  CARILLON_CHECK(std::all_of(path.begin(), path.end(), is_path_octet));
  std::string out(name);
  out += '=';
  out += value;
  out += "; Path=";
  out += path;
  out += "; Max-Age=" + std::to_string(kPositionCookieAge.count()) + "; HttpOnly; SameSite=Lax";
  if (scheme == Scheme::Https) out += "; Secure";
  return out;
}

}  // namespace carillon::access
