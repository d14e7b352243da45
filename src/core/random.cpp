#include "core/random.hpp"

#include <sys/random.h>

#include <array>
#include <cstring>

#include "core/check.hpp"

namespace carillon {
namespace {

/// Kernel randomness a block at a time: a system call for each id would cost more than the id.
struct Pool {
  std::array<char, 256> octets;  // the largest size that getrandom fills in one go
  std::size_t used = 256;

  void take(char* target, std::size_t size) {
    for (; size > 0; --size, ++target, ++used) {
      if (used == octets.size()) refill();
      *target = octets[used];
    }
  }
  void refill() {
    CARILLON_CHECK(getrandom(octets.data(), octets.size(), 0) ==
                   static_cast<ssize_t>(octets.size()));
    used = 0;
  }
};

Pool& pool() {
  thread_local Pool instance;
  return instance;
}

}  // namespace

std::uint64_t random_u64() {
  std::uint64_t value = 0;
  pool().take(reinterpret_cast<char*>(&value), sizeof value);
  return value;
}

std::string random_text(std::size_t length) {
  static constexpr char kAlphabet[] = "abcdefghijkmnpqrstuvwxyz23456789";
  static_assert(sizeof kAlphabet == 33);
  std::string text = random_octets(length);
  for (char& character : text) character = kAlphabet[static_cast<unsigned char>(character) & 31];
  return text;
}

std::string random_octets(std::size_t size) {
  std::string octets(size, '\0');
  pool().take(octets.data(), size);
  return octets;
}

}  // namespace carillon
