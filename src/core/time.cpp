#include "core/time.hpp"

#include <fmt/compile.h>

#include <iterator>
#include <limits>

namespace carillon {

std::string to_text(Timestamp timestamp) {
  std::string text;
  append_text(text, timestamp);
  return text;
}

void append_text(std::string& out, Timestamp timestamp) {
  const bool is_negative = timestamp.microseconds < 0;
  const auto bits = static_cast<std::uint64_t>(timestamp.microseconds);
  const std::uint64_t magnitude = is_negative ? std::uint64_t{0} - bits : bits;
  fmt::format_to(std::back_inserter(out), FMT_COMPILE("{}{}.{:03}"), is_negative ? "-" : "",
                 magnitude / 1000, magnitude % 1000);
}

std::optional<Timestamp> parse_timestamp(Bytes text) {
  constexpr std::int64_t kLargest = std::numeric_limits<std::int64_t>::max() / 10'000;
  std::size_t at = 0;
  std::int64_t microseconds = 0;
  const auto digit_at = [&](std::size_t index) {
    return index < text.size() && text[index] >= '0' && text[index] <= '9';
  };
  if (!digit_at(at)) return std::nullopt;
  for (; digit_at(at); ++at) {
    if (microseconds > kLargest) return std::nullopt;
    microseconds = microseconds * 10 + (text[at] - '0');
  }
  if (microseconds > kLargest) return std::nullopt;
  microseconds *= 1000;
  if (at == text.size()) return Timestamp{microseconds};
  if (text[at] != '.' || !digit_at(++at)) return std::nullopt;
  for (std::int64_t unit = 100; digit_at(at); ++at, unit /= 10) {
    microseconds += unit * (text[at] - '0');
  }
  return at == text.size() ? std::optional(Timestamp{microseconds}) : std::nullopt;
}

}  // namespace carillon
