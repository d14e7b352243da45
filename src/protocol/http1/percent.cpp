#include "protocol/http1/percent.hpp"

#include <algorithm>

#include "protocol/http1/characters.hpp"

namespace carillon::http1 {
namespace {

bool is_triplet(Bytes text, std::size_t at) {
  return text.size() - at >= 3 && is(text[at + 1], CharacterClass::HexDigit) &&
         is(text[at + 2], CharacterClass::HexDigit);
}

}  // namespace

bool is_percent_encoded(Bytes text) {
  for (std::size_t at = text.find('%'); at != Bytes::npos; at = text.find('%', at + 3)) {
    if (!is_triplet(text, at)) return false;
  }
  return true;
}

bool append_percent_decoded(std::string& out, Bytes text, Plus plus) {
  const char space = plus == Plus::Space ? '+' : '%';  // `%` never gets there
  while (true) {
    const auto is_encoded = [space](char octet) { return octet == '%' || octet == space; };
    const Bytes plain(text.begin(), std::ranges::find_if(text, is_encoded));
    out.append(plain);
    if (plain.size() == text.size()) return true;
    text.remove_prefix(plain.size());
    const bool is_space = text.front() == '+';
    if (!is_space && !is_triplet(text, 0)) return false;
    out.push_back(is_space ? ' ' : static_cast<char>(hex_value(text[1]) << 4 | hex_value(text[2])));
    text.remove_prefix(is_space ? 1 : 3);
  }
}

}  // namespace carillon::http1
