#include "core/key_uniqueness.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace carillon {
namespace {

std::optional<std::size_t> repeated(const std::vector<std::string>& texts) {
  std::vector<PlacedKey> keys;
  for (const std::string& text : texts) keys.push_back({text, keys.size() * 10});
  return find_repeated_key(keys);
}

TEST(KeyUniqueness, FindsTheFirstThatRepeatsAnEarlierOne) {
  EXPECT_EQ(repeated({}), std::nullopt);
  EXPECT_EQ(repeated({"a"}), std::nullopt);
  EXPECT_EQ(repeated({"a", "b", ""}), std::nullopt);
  EXPECT_EQ(repeated({"a", "a"}), 10U);
  EXPECT_EQ(repeated({"a", "b", "c", "b", "a"}), 30U);
  EXPECT_EQ(repeated({"", "b", ""}), 20U);
}

TEST(KeyUniqueness, DoesSoAmongManyAsAmongFew) {
  std::vector<std::string> texts;
  for (int i = 0; i < 100; ++i) texts.push_back(std::to_string(i * 7919 % 1000));
  EXPECT_EQ(repeated(texts), std::nullopt);
  texts[90] = texts[40];
  texts[70] = texts[60];
  EXPECT_EQ(repeated(texts), 700U);
  texts[3] = texts[2];
  EXPECT_EQ(repeated(texts), 30U);
}

}  // namespace
}  // namespace carillon
