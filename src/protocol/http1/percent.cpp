#include "protocol/http1/percent.hpp"

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
  for (std::size_t at = 0; at < text.size(); ++at) {
    char octet = text[at];
    if (octet == '%') {
      if (!is_triplet(text, at)) return false;
      octet = static_cast<char>(hex_value(text[at + 1]) << 4 | hex_value(text[at + 2]));
      at += 2;
    } else if (octet == '+' && plus == Plus::Space) {
      octet = ' ';
    }
    out.push_back(octet);
  }
  return true;
}

}  // namespace carillon::http1
