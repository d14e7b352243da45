#include "core/hash.hpp"

#include <bit>
#include <cstring>

#include "core/random.hpp"

namespace carillon {
namespace {

struct SipState {
  std::uint64_t v0, v1, v2, v3;

  void round() {
    v0 += v1;
    v1 = std::rotl(v1, 13) ^ v0;
    v0 = std::rotl(v0, 32);
    v2 += v3;
    v3 = std::rotl(v3, 16) ^ v2;
    v0 += v3;
    v3 = std::rotl(v3, 21) ^ v0;
    v2 += v1;
    v1 = std::rotl(v1, 17) ^ v2;
    v2 = std::rotl(v2, 32);
  }
  void absorb(std::uint64_t word) {
    v3 ^= word;
    round();
    v0 ^= word;
  }
};

}  // namespace

std::uint64_t siphash(HashKey key, Bytes octets) {
  SipState state{key.first ^ 0x736f6d6570736575ULL, key.second ^ 0x646f72616e646f6dULL,
                 key.first ^ 0x6c7967656e657261ULL, key.second ^ 0x7465646279746573ULL};
  std::size_t at = 0;
  for (; at + 8 <= octets.size(); at += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, octets.data() + at, 8);
    state.absorb(word);
  }
  std::uint64_t last = static_cast<std::uint64_t>(octets.size()) << 56;
  for (std::size_t shift = 0; at < octets.size(); ++at, shift += 8) {
    last |= std::uint64_t{static_cast<unsigned char>(octets[at])} << shift;
  }
  state.absorb(last);
  state.v2 ^= 0xFF;
  for (int i = 0; i < 3; ++i) state.round();
  return state.v0 ^ state.v1 ^ state.v2 ^ state.v3;
}

std::size_t StringHash::operator()(Bytes text) const {
  static const HashKey kKey{random_u64(), random_u64()};
  return siphash(kKey, text);
}

}  // namespace carillon
