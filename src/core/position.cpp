#include "core/position.hpp"

#include <algorithm>
#include <charconv>

#include "core/random.hpp"

namespace carillon {
namespace {

constexpr std::uint64_t kLargestOffset = (std::uint64_t{1} << 53) - 1;

bool is_digit(char character) {
  return character >= '0' && character <= '9';
}
bool is_epoch_character(char character) {
  return is_digit(character) || (character >= 'a' && character <= 'z');
}

}  // namespace

std::optional<Epoch> Epoch::parse(Bytes text) {
  if (text.empty() || text.size() > kLongest) return std::nullopt;
  if (!std::ranges::all_of(text, is_epoch_character)) return std::nullopt;
  Epoch epoch;
  std::ranges::copy(text, epoch.text_.begin());
  epoch.length_ = static_cast<std::uint8_t>(text.size());
  return epoch;
}

Epoch Epoch::random() {
  return *parse(random_text(8));
}

std::string to_text(const Position& position) {
  std::string text;
  append_text(text, position);
  return text;
}

void append_text(std::string& out, const Position& position) {
  std::array<char, 20> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), position.offset);
  out.append(position.epoch.text()).push_back(':');
  out.append(digits.data(), end.ptr);
}

std::optional<Position> parse_position(Bytes text) {
  const std::size_t colon = text.find(':');
  if (colon == Bytes::npos) return std::nullopt;
  const std::optional<Epoch> epoch = Epoch::parse(text.substr(0, colon));
  const Bytes digits = text.substr(colon + 1);
  if (!epoch || digits.empty() || !std::ranges::all_of(digits, is_digit)) return std::nullopt;
  if (digits.size() > 1 && digits.front() == '0') return std::nullopt;
  std::uint64_t offset = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), offset);
  if (error != std::errc{} || offset > kLargestOffset) return std::nullopt;
  return Position{*epoch, offset};
}

}  // namespace carillon
