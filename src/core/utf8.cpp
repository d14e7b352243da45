#include "core/utf8.hpp"

#include <cstring>

namespace carillon {
namespace {

// States name what may come next (Unicode 15, table 3-7, well-formed byte sequences).
enum State : std::uint8_t {
  kBoundary = 0,
  kOneMore,
  kTwoMore,
  kThreeMore,
  kAfterE0,  // A0..BF, then one more
  kAfterEd,  // 80..9F, then one more: no surrogates
  kAfterF0,  // 90..BF, then two more
  kAfterF4,  // 80..8F, then two more: nothing above U+10FFFF
  kInvalid,
};

State lead(unsigned octet) {
  if (octet < 0x80) return kBoundary;
  if (octet < 0xC2) return kInvalid;
  if (octet < 0xE0) return kOneMore;
  if (octet == 0xE0) return kAfterE0;
  if (octet == 0xED) return kAfterEd;
  if (octet < 0xF0) return kTwoMore;
  if (octet == 0xF0) return kAfterF0;
  if (octet < 0xF4) return kThreeMore;
  return octet == 0xF4 ? kAfterF4 : kInvalid;
}

State expect(unsigned octet, unsigned low, unsigned high, State then) {
  return octet >= low && octet <= high ? then : kInvalid;
}

State next(State state, unsigned octet) {
  switch (state) {
    case kBoundary:
      return lead(octet);
    case kOneMore:
      return expect(octet, 0x80, 0xBF, kBoundary);
    case kTwoMore:
      return expect(octet, 0x80, 0xBF, kOneMore);
    case kThreeMore:
      return expect(octet, 0x80, 0xBF, kTwoMore);
    case kAfterE0:
      return expect(octet, 0xA0, 0xBF, kOneMore);
    case kAfterEd:
      return expect(octet, 0x80, 0x9F, kOneMore);
    case kAfterF0:
      return expect(octet, 0x90, 0xBF, kTwoMore);
    case kAfterF4:
      return expect(octet, 0x80, 0x8F, kTwoMore);
    case kInvalid:
      break;
  }
  return kInvalid;
}

/// Length of the run of ASCII at the front, in whole words.
std::size_t ascii_words(Bytes text) {
  std::size_t at = 0;
  for (; at + sizeof(std::uint64_t) <= text.size(); at += sizeof(std::uint64_t)) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data() + at, sizeof word);
    if ((word & 0x8080808080808080ULL) != 0) break;
  }
  return at;
}

/// Octets of the character at the front, 0 where no well-formed one stands.
std::size_t character_length(Bytes octets) {
  State state = kBoundary;
  for (std::size_t at = 0; at < octets.size() && state != kInvalid; ++at) {
    state = next(state, static_cast<unsigned char>(octets[at]));
    if (state == kBoundary) return at + 1;
  }
  return 0;
}

}  // namespace

bool Utf8Validator::feed(Bytes piece) {
  State state = static_cast<State>(state_);
  std::size_t at = 0;
  while (at < piece.size() && state != kInvalid) {
    if (state == kBoundary) {
      at += ascii_words(piece.substr(at));
      if (at == piece.size()) break;
    }
    state = next(state, static_cast<unsigned char>(piece[at++]));
  }
  state_ = state;
  return state != kInvalid;
}

bool is_utf8(Bytes text) {
  Utf8Validator validator;
  return validator.feed(text) && validator.complete();
}

std::string to_utf8(Bytes octets) {
  std::string text;
  text.reserve(octets.size());
  while (!octets.empty()) {
    const std::size_t length = character_length(octets);
    text.append(length == 0 ? "\xEF\xBF\xBD" : octets.substr(0, length));
    octets.remove_prefix(length == 0 ? 1 : length);
  }
  return text;
}

}  // namespace carillon
