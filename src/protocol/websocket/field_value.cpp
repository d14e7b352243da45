#include "protocol/websocket/field_value.hpp"

#include <algorithm>

namespace carillon::websocket {
namespace {

constexpr char lower(char character) {
  return character >= 'A' && character <= 'Z' ? static_cast<char>(character - 'A' + 'a')
                                              : character;
}

/// Takes the text up to the next comma off the front.
Bytes take_item(Bytes& rest) {
  const std::size_t comma = rest.find(',');
  const Bytes item = trimmed(rest.substr(0, comma));
  rest = comma == Bytes::npos ? Bytes{} : rest.substr(comma + 1);
  return item;
}

}  // namespace

bool equals_ignoring_case(Bytes left, Bytes right) {
  return std::ranges::equal(left, right, {}, lower, lower);
}

bool is_token_character(char character) {
  const char letter = lower(character);
  return (letter >= 'a' && letter <= 'z') || (character >= '0' && character <= '9') ||
         Bytes("!#$%&'*+-.^_`|~").contains(character);
}

bool is_token(Bytes text) {
  return !text.empty() && std::ranges::all_of(text, is_token_character);
}

Bytes trimmed(Bytes text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == Bytes::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

bool list_contains(std::span<const Bytes> lines, Bytes item) {
  for (Bytes rest : lines) {
    while (!rest.empty()) {
      if (equals_ignoring_case(take_item(rest), item)) return true;
    }
  }
  return false;
}

std::optional<std::vector<Bytes>> parse_tokens(std::span<const Bytes> lines) {
  std::vector<Bytes> items;
  for (Bytes rest : lines) {
    while (!rest.empty()) {
      const Bytes item = take_item(rest);
      if (item.empty()) continue;
      if (!is_token(item) || items.size() == kMaxListItems) return std::nullopt;
      items.push_back(item);
    }
  }
  return items;
}

}  // namespace carillon::websocket
