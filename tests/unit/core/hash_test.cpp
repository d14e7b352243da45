#include "core/hash.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <set>
#include <string>
#include <unordered_map>

namespace carillon {
namespace {

constexpr HashKey kKey{0x0706050403020100, 0x0f0e0d0c0b0a0908};

std::string counting(std::size_t length) {
  std::string octets;
  for (std::size_t i = 0; i < length; ++i) octets.push_back(static_cast<char>(i));
  return octets;
}

// The key and messages of the reference vectors (0, 1, 2, …), with one and three rounds.
TEST(SipHash, MatchesTheReferenceOneThree) {
  EXPECT_EQ(siphash(kKey, counting(0)), 0xabac0158050fc4dcULL);
  EXPECT_EQ(siphash(kKey, counting(1)), 0xc9f49bf37d57ca93ULL);
  EXPECT_EQ(siphash(kKey, counting(2)), 0x82cb9b024dc7d44dULL);
  EXPECT_EQ(siphash(kKey, counting(3)), 0x8bf80ab8e7ddf7fbULL);
  EXPECT_EQ(siphash(kKey, counting(7)), 0xd3927d989bb11140ULL);
  EXPECT_EQ(siphash(kKey, counting(8)), 0x369095118d299a8eULL);
  EXPECT_EQ(siphash(kKey, counting(9)), 0x25a48eb36c063de4ULL);
  EXPECT_EQ(siphash(kKey, counting(15)), 0xd320d86d2a519956ULL);
  EXPECT_EQ(siphash(kKey, counting(16)), 0xcc4fdd1a7d908b66ULL);
  EXPECT_EQ(siphash(kKey, counting(63)), 0x9d199062b7bbb3a8ULL);
}

TEST(SipHash, DependsOnEveryOctetAndTheLength) {
  std::set<std::uint64_t> seen;
  for (std::size_t length = 0; length < 40; ++length) {
    EXPECT_TRUE(seen.insert(siphash(kKey, std::string(length, '\0'))).second);
    for (std::size_t place = 0; place < length; ++place) {
      std::string octets(length, '\0');
      octets[place] = 1;
      EXPECT_TRUE(seen.insert(siphash(kKey, octets)).second);
    }
  }
}

TEST(SipHash, DependsOnBothHalvesOfTheKey) {
  EXPECT_NE(siphash({1, 0}, "text"), siphash({0, 0}, "text"));
  EXPECT_NE(siphash({0, 1}, "text"), siphash({0, 0}, "text"));
}

TEST(StringHash, FindsByViewWithoutAString) {
  std::unordered_map<std::string, int, StringHash, std::equal_to<>> table;
  table["chat:lobby"] = 7;
  const auto found = table.find(Bytes("chat:lobby"));
  ASSERT_NE(found, table.end());
  EXPECT_EQ(found->second, 7);
  EXPECT_EQ(table.find(Bytes("chat")), table.end());
}

TEST(StringHash, GivesTheSameValueThroughoutTheProcess) {
  EXPECT_EQ(StringHash()("a"), StringHash()(std::string("a")));
}

}  // namespace
}  // namespace carillon
