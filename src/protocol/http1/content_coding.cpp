#include "protocol/http1/content_coding.hpp"

#include <algorithm>
#include <optional>
#include <string>

#include "protocol/http1/characters.hpp"
#include "protocol/http1/list.hpp"

namespace carillon::http1 {
namespace {

constexpr int kFullWeight = 1000;

/// A qvalue in thousandths (RFC 9110 §12.4.2).
std::optional<int> parse_weight(Bytes text) {
  if (text.empty() || (text[0] != '0' && text[0] != '1')) return std::nullopt;
  const Bytes decimals = text.size() > 2 ? text.substr(2) : Bytes();
  if (text.size() > 1 && text[1] != '.') return std::nullopt;
  if (decimals.size() > 3 || !consists_of(decimals, CharacterClass::Digit)) return std::nullopt;
  int weight = (text[0] - '0') * kFullWeight;
  int unit = kFullWeight / 10;
  for (const char digit : decimals) {
    weight += (digit - '0') * unit;
    unit /= 10;
  }
  return weight <= kFullWeight ? std::optional(weight) : std::nullopt;
}

struct Member {
  Bytes name;
  int weight = 0;
};

std::optional<Member> parse_member(Bytes text) {
  const std::size_t semicolon = text.find(';');
  const Bytes name = trim_blanks(text.substr(0, semicolon));
  if (!is_token(name)) return std::nullopt;
  if (semicolon == Bytes::npos) return Member{name, kFullWeight};
  const Bytes parameter = trim_blanks(text.substr(semicolon + 1));
  if (!equal_ignoring_case(parameter.substr(0, 2), "q=")) return std::nullopt;
  const auto weight = parse_weight(parameter.substr(2));
  if (!weight) return std::nullopt;
  return Member{name, *weight};
}

/// Old names: RFC 9110 §8.4.1.3.
bool names(Bytes name, ContentCoding coding) {
  if (equal_ignoring_case(name, name_of(coding))) return true;
  return coding == ContentCoding::Gzip && equal_ignoring_case(name, "x-gzip");
}

/// Whether `*` may stand for the coding. It may not for identity: a client that lists what it
/// reads does not ask for more bytes by the way.
enum class Wildcard : std::uint8_t { Counts, Ignored };

int weight_of(Bytes accepted, ContentCoding coding, Wildcard wildcard) {
  int any = 0;
  ListReader members(accepted);
  while (const auto text = members.next()) {
    const auto member = parse_member(*text);
    if (!member) continue;
    if (names(member->name, coding)) return member->weight;
    if (member->name == "*" && wildcard == Wildcard::Counts) any = member->weight;
  }
  return any;
}

}  // namespace

Bytes name_of(ContentCoding coding) {
  switch (coding) {
    case ContentCoding::Brotli:
      return "br";
    case ContentCoding::Gzip:
      return "gzip";
    case ContentCoding::Identity:
      break;
  }
  return "identity";
}

ContentCoding choose_coding(const Fields& fields, std::span<const ContentCoding> offered) {
  const std::string accepted = fields.combined("accept-encoding");
  ContentCoding best = ContentCoding::Identity;
  int best_weight = 0;
  for (const ContentCoding coding : offered) {
    const int weight = weight_of(accepted, coding, Wildcard::Counts);
    if (weight <= best_weight) continue;
    best = coding;
    best_weight = weight;
  }
  const int plain = weight_of(accepted, ContentCoding::Identity, Wildcard::Ignored);
  return plain > best_weight ? ContentCoding::Identity : best;
}

}  // namespace carillon::http1
