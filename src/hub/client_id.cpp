#include "hub/client_id.hpp"

#include "core/random.hpp"

namespace carillon::hub {
namespace {

constexpr std::string_view kAlphabet = "abcdefghijkmnpqrstuvwxyz23456789";
constexpr std::string_view kPrefix = "c_";
constexpr int kBitsPerCharacter = 5;
constexpr int kCharacters = 13;  // 65 bits: the first one carries only four

}  // namespace

ClientId ClientId::random(std::size_t own, std::size_t reactor_count) {
  for (;;) {
    const std::uint64_t drawn = random_u64();
    const std::uint64_t value = drawn - drawn % reactor_count + own;
    if (value >= own && value != 0) return ClientId{value};  // neither wrapped around nor nobody
  }
}

std::string to_text(ClientId client) {
  std::string text;
  append_text(text, client);
  return text;
}

void append_text(std::string& out, ClientId client) {
  out.append(kPrefix);
  for (int index = kCharacters - 1; index >= 0; --index) {
    out.push_back(kAlphabet[client.value >> (index * kBitsPerCharacter) & 31]);
  }
}

std::optional<ClientId> parse_client_id(Bytes text) {
  if (!text.starts_with(kPrefix) || text.size() != kPrefix.size() + kCharacters) {
    return std::nullopt;
  }
  std::uint64_t value = 0;
  for (const char character : text.substr(kPrefix.size())) {
    const std::size_t digit = kAlphabet.find(character);
    if (digit == std::string_view::npos || value >> (64 - kBitsPerCharacter) != 0) {
      return std::nullopt;
    }
    value = value << kBitsPerCharacter | digit;
  }
  if (value == 0) return std::nullopt;  // nobody's
  return ClientId{value};
}

}  // namespace carillon::hub
