#include "access/api_key.hpp"

#include <gtest/gtest.h>

#include <string>

namespace carillon::access {
namespace {

TEST(ApiKeys, AreFoundByTheirSecretAlone) {
  const std::string first(32, 'a');
  const std::string second(32, 'b');
  ApiKeys keys;
  EXPECT_TRUE(keys.empty());
  keys.add(first, {.name = "first", .scopes = {}, .grants = {}});
  keys.add(second, {.name = "second", .scopes = {}, .grants = {}});
  ASSERT_TRUE(keys.find(first));
  EXPECT_EQ(keys.find(first)->name, "first");
  EXPECT_EQ(keys.find(second)->name, "second");
  EXPECT_FALSE(keys.find(""));
  EXPECT_FALSE(keys.find(first.substr(1)));
  EXPECT_FALSE(keys.find(first + "a"));
}

}  // namespace
}  // namespace carillon::access
