#include "facade/waiting_bytes.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace carillon::facade {
namespace {

TEST(WaitingBytesTest, RefusesTheNextOnceTheLimitIsReached) {
  WaitingBytes waiting;
  std::vector<WaitingBytes::Place> places;
  for (std::size_t i = 0; i < 4; ++i) {
    auto place = waiting.take(kWaitingBytes / 4);
    ASSERT_TRUE(place.has_value());
    places.push_back(*std::move(place));
  }
  EXPECT_EQ(waiting.bytes(), kWaitingBytes);
  EXPECT_FALSE(waiting.take(1).has_value());
  EXPECT_FALSE(waiting.take(kWaitingBytes).has_value());
  EXPECT_TRUE(waiting.take(0).has_value()) << "what carries nothing is bounded by number alone";
  EXPECT_EQ(waiting.bytes(), kWaitingBytes) << "a refusal leaves nothing behind";
  EXPECT_EQ(waiting.take_refusals(), 2U);
  EXPECT_EQ(waiting.take_refusals(), 0U);
  places.pop_back();
  EXPECT_TRUE(waiting.take(1).has_value());
}

TEST(WaitingBytesTest, TakesOneOfAnySizeWhileFewWait) {
  WaitingBytes waiting;
  {
    const auto small = waiting.take(1);
    const auto huge = waiting.take(2 * kWaitingBytes);
    EXPECT_TRUE(huge.has_value());
    EXPECT_FALSE(waiting.take(1).has_value());
  }
  EXPECT_EQ(waiting.bytes(), 0U);
}

TEST(WaitingBytesTest, APlaceThatMovedGivesBackOnce) {
  WaitingBytes waiting;
  auto first = waiting.take(7);
  {
    const WaitingBytes::Place second(*std::move(first));
    EXPECT_EQ(waiting.bytes(), 7U);
  }
  EXPECT_EQ(waiting.bytes(), 0U);
  first.reset();
  EXPECT_EQ(waiting.bytes(), 0U);
}

}  // namespace
}  // namespace carillon::facade
