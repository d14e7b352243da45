#include "client/backoff.hpp"

#include <gtest/gtest.h>

#include <cstdint>

#include "core/random.hpp"

namespace carillon::client {
namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t kMost = 1 << 20;

TEST(BackoffTest, DoublesItsBoundUpToTheLongest) {
  Backoff backoff(100ms, 1s);
  for (const Duration bound : {100ms, 200ms, 400ms, 800ms, 1000ms, 1000ms}) {
    EXPECT_GT(backoff.next(kMost), bound - 1ms);
  }
  for (int i = 0; i < 100; ++i) EXPECT_LE(backoff.next(random_u64()), 1s);
}

TEST(BackoffTest, DrawsFromNothingUpwards) {
  Backoff backoff(100ms, 100ms);
  EXPECT_EQ(backoff.next(0), 0s);
  EXPECT_NEAR(static_cast<double>(backoff.next(kMost / 2).count()), 50e6, 1e6);
  EXPECT_LE(backoff.next(kMost), 100ms);
}

TEST(BackoffTest, BeginsAnewAfterASuccess) {
  Backoff backoff(100ms, 1s);
  for (int i = 0; i < 5; ++i) backoff.next(kMost);
  backoff.reset();
  EXPECT_LE(backoff.next(kMost), 100ms);
}

}  // namespace
}  // namespace carillon::client
