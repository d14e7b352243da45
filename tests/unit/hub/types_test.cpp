#include "hub/types.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace carillon::hub {
namespace {

TEST(HomeOf, SpreadsChannelsOverAllReactorsAndStaysTheSame) {
  std::vector<int> channels(4);
  for (int number = 0; number < 4'000; ++number) {
    const std::string name = "room:" + std::to_string(number);
    const ReactorIndex home = home_of(name, 4);
    ASSERT_LT(home, 4U);
    EXPECT_EQ(home, home_of(name, 4));
    ++channels[home];
  }
  for (const int count : channels) EXPECT_NEAR(count, 1'000, 200);
  EXPECT_EQ(home_of("chat", 1), 0U);
}

}  // namespace
}  // namespace carillon::hub
