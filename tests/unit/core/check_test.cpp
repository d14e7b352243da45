#include "core/check.hpp"

#include <gtest/gtest.h>

namespace carillon {
namespace {

TEST(Check, PassesWhatHolds) {
  CARILLON_CHECK(1 + 1 == 2);
}

TEST(CheckDeathTest, EndsTheProcessAndNamesTheAssumption) {
  EXPECT_DEATH(CARILLON_CHECK(1 + 1 == 3), "check_test.cpp:.*broken assumption: 1 \\+ 1 == 3");
}

}  // namespace
}  // namespace carillon
