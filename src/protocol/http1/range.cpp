#include "protocol/http1/range.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <optional>

#include "protocol/http1/characters.hpp"
#include "protocol/http1/list.hpp"

namespace carillon::http1 {
namespace {

/// Reads digits; what is too large for 64 bits is the largest number, as it is beyond any end.
std::optional<std::uint64_t> parse_position(Bytes text) {
  constexpr std::uint64_t kLargest = std::numeric_limits<std::uint64_t>::max();
  if (text.empty() || !consists_of(text, CharacterClass::Digit)) return std::nullopt;
  std::uint64_t number = 0;
  for (const char octet : text) {
    const auto digit = static_cast<std::uint64_t>(octet - '0');
    number = number > (kLargest - digit) / 10 ? kLargest : number * 10 + digit;
  }
  return number;
}

/// One member of the set: WholeContent stands for a malformed one here.
RangeAnswer resolve_one(Bytes spec, std::uint64_t size_bytes) {
  const std::size_t dash = spec.find('-');
  if (dash == Bytes::npos) return WholeContent{};
  const auto last = parse_position(spec.substr(dash + 1));
  if (dash == 0) {
    if (!last) return WholeContent{};
    if (*last == 0 || size_bytes == 0) return Unsatisfiable{};
    return ByteRange{size_bytes - std::min(*last, size_bytes), size_bytes - 1};
  }
  const auto first = parse_position(spec.substr(0, dash));
  const bool open = dash + 1 == spec.size();
  if (!first || (!open && (!last || *last < *first))) return WholeContent{};
  if (*first >= size_bytes) return Unsatisfiable{};
  return ByteRange{*first, open ? size_bytes - 1 : std::min(*last, size_bytes - 1)};
}

}  // namespace

RangeAnswer resolve_range(Bytes value, std::uint64_t size_bytes) {
  constexpr Bytes kUnit = "bytes=";
  if (!equal_ignoring_case(value.substr(0, kUnit.size()), kUnit)) return WholeContent{};
  ListReader specs(value.substr(kUnit.size()));
  RangeAnswer answer = WholeContent{};
  bool satisfiable = false;
  while (const auto spec = specs.next()) {
    if (spec->empty()) continue;
    const RangeAnswer one = resolve_one(*spec, size_bytes);
    if (std::holds_alternative<WholeContent>(one)) return WholeContent{};
    if (satisfiable && std::holds_alternative<ByteRange>(one)) return WholeContent{};
    if (!satisfiable) answer = one;
    satisfiable = std::holds_alternative<ByteRange>(answer);
  }
  return answer;
}

std::string content_range(ByteRange range, std::uint64_t size_bytes) {
  return fmt::format("bytes {}-{}/{}", range.first, range.last, size_bytes);
}

std::string content_range_unsatisfied(std::uint64_t size_bytes) {
  return fmt::format("bytes */{}", size_bytes);
}

}  // namespace carillon::http1
