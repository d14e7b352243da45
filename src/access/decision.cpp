#include "access/decision.hpp"

#include <cstddef>

namespace carillon::access {

std::string in_quotes(Bytes text) {
  constexpr std::size_t kShown = 100;
  std::string out = "\"";
  for (const char octet : text.substr(0, kShown)) {
    const bool shown = octet >= ' ' && octet <= '~' && octet != '"' && octet != '\\';
    out += shown ? octet : '?';
  }
  if (text.size() > kShown) out += "…";
  out += '"';
  return out;
}

}  // namespace carillon::access
