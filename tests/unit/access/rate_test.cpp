#include "access/rate.hpp"

#include <gtest/gtest.h>

namespace carillon::access {
namespace {

using namespace std::chrono_literals;

constexpr TimePoint kStart{std::chrono::hours(1)};
constexpr Rate kTenASecond{.per_second = 10, .burst = 5};

TEST(RateBucket, LetsABurstThroughAndThenTheRate) {
  RateBucket bucket;
  for (int i = 0; i < 5; ++i) EXPECT_FALSE(bucket.take(kTenASecond, kStart)) << i;
  EXPECT_EQ(bucket.take(kTenASecond, kStart), Duration(100ms));
  EXPECT_EQ(bucket.take(kTenASecond, kStart + 99ms), Duration(1ms));
  EXPECT_FALSE(bucket.take(kTenASecond, kStart + 100ms));
  EXPECT_TRUE(bucket.take(kTenASecond, kStart + 100ms));
}

TEST(RateBucket, LetsNoMoreThanTheRateThroughInTheLongRun) {
  RateBucket bucket;
  int passed = 0;
  for (TimePoint now = kStart; now < kStart + 60s; now += 7ms) {
    if (!bucket.take(kTenASecond, now)) ++passed;
  }
  EXPECT_GE(passed, 600);
  EXPECT_LE(passed, 605);
}

TEST(RateBucket, IsFullAgainAfterARest) {
  RateBucket bucket;
  for (int i = 0; i < 9; ++i) bucket.take(kTenASecond, kStart);
  for (int i = 0; i < 5; ++i) EXPECT_FALSE(bucket.take(kTenASecond, kStart + 1h));
  EXPECT_TRUE(bucket.take(kTenASecond, kStart + 1h));
}

TEST(RateBucket, LetsMoreThanABurstThroughOnceAndIsPaidAfterwards) {
  RateBucket bucket;
  EXPECT_FALSE(bucket.take(kTenASecond, kStart, 100));
  EXPECT_EQ(bucket.take(kTenASecond, kStart + 1s), Duration(8600ms));
  EXPECT_EQ(bucket.take(kTenASecond, kStart + 1s, 100), Duration(9s)) << "when it is paid";
  EXPECT_FALSE(bucket.take(kTenASecond, kStart + 9600ms));
}

TEST(RateBucket, IsNotSpentByWhatWasRefused) {
  RateBucket bucket;
  for (int i = 0; i < 1000; ++i) bucket.take(kTenASecond, kStart);
  EXPECT_FALSE(bucket.take(kTenASecond, kStart + 100ms));
}

TEST(RateBucket, CountsNothingWithoutARate) {
  RateBucket bucket;
  for (int i = 0; i < 1000; ++i) EXPECT_FALSE(bucket.take({}, kStart, 1'000'000'000));
}

TEST(RateBucket, TakesAnyNumbers) {
  for (const std::int64_t per_second : {std::int64_t{1}, std::int64_t{1'000'000'000}}) {
    const Rate rate{.per_second = per_second, .burst = per_second * 3600};
    RateBucket bucket;
    EXPECT_FALSE(bucket.take(rate, kStart, std::int64_t{1} << 62));
    bucket.take(rate, kStart, std::int64_t{1} << 62);
    EXPECT_FALSE(RateBucket().take(rate, kStart, -1));
  }
}

}  // namespace
}  // namespace carillon::access
