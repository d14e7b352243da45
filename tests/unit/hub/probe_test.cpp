#include "hub/probe.hpp"

#include <gtest/gtest.h>

namespace carillon::hub {
namespace {

TEST(LatencyHistogram, ABoundBelongsToTheBucketBelow) {
  LatencyHistogram histogram;
  histogram.record(50, 1);
  histogram.record(51, 2);
  histogram.record(1'000'000, 3);
  histogram.record(1'000'001, 4);
  EXPECT_EQ(histogram.buckets[0], 1U);
  EXPECT_EQ(histogram.buckets[1], 2U);
  EXPECT_EQ(histogram.buckets[LatencyHistogram::kBounds.size() - 1], 3U);
  EXPECT_EQ(histogram.buckets[LatencyHistogram::kBounds.size()], 4U);
  EXPECT_EQ(histogram.count, 10U);
  EXPECT_EQ(histogram.sum_microseconds, 50U + 2U * 51U + 3'000'000U + 4U * 1'000'001U);
}

TEST(LatencyHistogram, AClockThatWasSetBackIsNoWait) {
  LatencyHistogram histogram;
  histogram.record(-5'000'000, 1);
  EXPECT_EQ(histogram.buckets[0], 1U);
  EXPECT_EQ(histogram.sum_microseconds, 0U);
}

}  // namespace
}  // namespace carillon::hub
