#include "protocol/websocket/mask.hpp"

#include <cstddef>
#include <cstring>

namespace carillon::websocket {

void apply_mask(std::span<char> piece, MaskKey key, std::uint64_t offset) {
  // The key, turned to where the piece begins, twice: one word of it fits at every eighth octet.
  std::array<std::uint8_t, sizeof(std::uint64_t)> pattern{};
  for (std::size_t index = 0; index < pattern.size(); ++index) {
    pattern[index] = key[(offset + index) % key.size()];
  }
  std::uint64_t mask = 0;
  std::memcpy(&mask, pattern.data(), sizeof mask);

  std::size_t at = 0;
  for (; at + sizeof mask <= piece.size(); at += sizeof mask) {
    std::uint64_t word = 0;
    std::memcpy(&word, piece.data() + at, sizeof word);
    word ^= mask;
    std::memcpy(piece.data() + at, &word, sizeof word);
  }
  for (std::size_t index = 0; at < piece.size(); ++at, ++index) {
    piece[at] = static_cast<char>(static_cast<std::uint8_t>(piece[at]) ^ pattern[index]);
  }
}

}  // namespace carillon::websocket
