#include "load/payload.hpp"

#include <array>
#include <charconv>
#include <chrono>
#include <cstring>

namespace carillon::bench {
namespace {

constexpr std::string_view kAlphabet = "abcdefghijklmnopqrstuvwxyz";
constexpr std::size_t kNumberAt = 1;
constexpr std::size_t kNumberDigits = 12;
constexpr std::size_t kTimeAt = kNumberAt + kNumberDigits + 1;
constexpr std::size_t kTimeDigits = 16;

/// Enough of the alphabet that every filler is a piece of it.
const std::string& letters() {
  static const std::string text = [] {
    std::string made;
    while (made.size() < kPayloadMostBytes + kAlphabet.size()) made += kAlphabet;
    return made;
  }();
  return text;
}

std::string_view filler(std::uint64_t number, std::size_t payload_bytes) {
  return std::string_view(letters()).substr(number % kAlphabet.size(),
                                            payload_bytes - kPayloadHeadBytes - 1);
}

void put(char* at, std::uint64_t value, std::size_t digits, unsigned base) {
  for (std::size_t index = digits; index-- > 0; value /= base) {
    at[index] = "0123456789abcdef"[value % base];
  }
}

bool get(std::string_view digits, int base, std::uint64_t& value) {
  const char* end = digits.data() + digits.size();
  const auto result = std::from_chars(digits.data(), end, value, base);
  return result.ec == std::errc{} && result.ptr == end;
}

}  // namespace

Nanoseconds now_ns() {
  const auto time = std::chrono::steady_clock::now().time_since_epoch();
  return static_cast<Nanoseconds>(std::chrono::nanoseconds(time).count());
}

std::string make_payload(std::uint64_t number, Nanoseconds sent, std::size_t bytes) {
  std::string text(bytes, ':');
  text.front() = '#';
  text.back() = '#';
  put(text.data() + kNumberAt, number, kNumberDigits, 10);
  put(text.data() + kTimeAt, sent, kTimeDigits, 16);
  const std::string_view rest = filler(number, bytes);
  std::memcpy(text.data() + kPayloadHeadBytes, rest.data(), rest.size());
  return text;
}

bool take_payload(std::string_view& text, std::size_t bytes, Payload& payload) {
  const std::size_t begin = text.find('#');
  if (begin == std::string_view::npos) return false;
  const std::string_view found = text.substr(begin, bytes);
  payload = {};
  const bool is_whole = found.size() == bytes && found.back() == '#';
  payload.intact = is_whole && found[kTimeAt - 1] == ':' && found[kPayloadHeadBytes - 1] == ':' &&
                   get(found.substr(kNumberAt, kNumberDigits), 10, payload.number) &&
                   get(found.substr(kTimeAt, kTimeDigits), 16, payload.sent) &&
                   found.substr(kPayloadHeadBytes, bytes - kPayloadHeadBytes - 1) ==
                       filler(payload.number, bytes);
  // After one that is cut short the search goes on right behind its mark: the next one may be
  // whole.
  text.remove_prefix(is_whole ? begin + bytes : begin + 1);
  return true;
}

}  // namespace carillon::bench
