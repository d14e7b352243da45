#include "core/random.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <set>
#include <string>
#include <thread>

namespace carillon {
namespace {

TEST(Random, NumbersDiffer) {
  std::set<std::uint64_t> seen;
  for (int i = 0; i < 1000; ++i) EXPECT_TRUE(seen.insert(random_u64()).second);
}

TEST(Random, TextHasItsLengthAndAlphabet) {
  const std::string alphabet = "abcdefghijkmnpqrstuvwxyz23456789";
  for (const std::size_t length : {0U, 1U, 16U, 255U, 256U, 257U, 1000U}) {
    const std::string text = random_text(length);
    EXPECT_EQ(text.size(), length);
    EXPECT_EQ(text.find_first_not_of(alphabet), std::string::npos);
  }
}

TEST(Random, TextUsesTheWholeAlphabetEvenly) {
  std::array<int, 256> counts{};
  for (const char character : random_text(320'000)) ++counts[static_cast<unsigned char>(character)];
  for (const char character : std::string("abcdefghijkmnpqrstuvwxyz23456789")) {
    // Expected 10,000 with a deviation of 98: ten of them never happen by chance.
    EXPECT_NEAR(counts[static_cast<unsigned char>(character)], 10'000, 980) << character;
  }
}

TEST(Random, OctetsTakeAllValues) {
  const std::string octets = random_octets(20'000);
  EXPECT_EQ(octets.size(), 20'000U);
  EXPECT_EQ(std::set<char>(octets.begin(), octets.end()).size(), 256U);
}

TEST(Random, ThreadsDoNotRepeatEachOther) {
  std::string other;
  std::thread([&] { other = random_octets(256); }).join();
  EXPECT_NE(random_octets(256), other);
}

}  // namespace
}  // namespace carillon
