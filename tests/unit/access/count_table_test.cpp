#include "access/count_table.hpp"

#include <gtest/gtest.h>

#include <string>

namespace carillon::access {
namespace {

LimitKey user(const std::string& name) {
  return LimitKey::of(LimitSubject::User, name);
}

TEST(CountTable, CountsUpToTheLimitAndBack) {
  CountTable table;
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(table.try_add(user("ann"), 3));
  EXPECT_FALSE(table.try_add(user("ann"), 3));
  EXPECT_TRUE(table.try_add(user("bob"), 3));
  EXPECT_EQ(table.count(user("ann")), 3U) << "what is refused is not counted";
  table.remove(user("ann"));
  EXPECT_TRUE(table.try_add(user("ann"), 3));
}

TEST(CountTable, HasNoLimitAtZero) {
  CountTable table;
  for (int i = 0; i < 1000; ++i) EXPECT_TRUE(table.try_add(user("ann"), 0));
  EXPECT_EQ(table.count(user("ann")), 1000U);
}

TEST(CountTable, IsEmptyWhenAllHaveGone) {
  CountTable table;
  constexpr int kStrangers = 100'000;
  for (int i = 0; i < kStrangers; ++i) table.try_add(user(std::to_string(i)), 0);
  for (int i = 0; i < kStrangers; ++i) table.remove(user(std::to_string(i)));
  for (int i = 0; i < kStrangers; ++i) ASSERT_EQ(table.count(user(std::to_string(i))), 0U);
}

}  // namespace
}  // namespace carillon::access
