#include "access/rate_table.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

namespace carillon::access {
namespace {

using namespace std::chrono_literals;

constexpr TimePoint kStart{std::chrono::hours(1)};
constexpr Rate kTenASecond{.per_second = 10, .burst = 5};

LimitKey user(const std::string& name) {
  return LimitKey::of(LimitSubject::User, name);
}

TEST(RateTable, KeepsABucketForEachKey) {
  RateTable table;
  for (const char* name : {"ann", "bob"}) {
    for (int i = 0; i < 5; ++i) EXPECT_FALSE(table.take(user(name), kTenASecond, kStart)) << name;
    EXPECT_EQ(table.take(user(name), kTenASecond, kStart), Duration(100ms));
  }
  EXPECT_FALSE(table.take(user("ann").with(1), kTenASecond, kStart));
  EXPECT_FALSE(table.take(user("ann"), kTenASecond, kStart + 100ms));
}

TEST(RateTable, TellsStrangersApartUnderAHundredThousandOfThem) {
  RateTable table;
  constexpr int kStrangers = 100'000;
  int refused = 0;
  for (int i = 0; i < kStrangers; ++i) {
    if (table.take(user("stranger " + std::to_string(i)), {.per_second = 1, .burst = 1}, kStart)) {
      ++refused;
    }
  }
  EXPECT_LT(refused, kStrangers / 50) << "those that share all their cells with earlier ones";
}

TEST(RateTable, IsCountedByManyThreadsWithoutLosingMuch) {
  RateTable table;
  const Rate rate{.per_second = 1, .burst = 1000};
  std::atomic<int> passed{0};
  std::vector<std::jthread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int n = 0; n < 10'000; ++n) {
        if (!table.take(user("ann"), rate, kStart)) ++passed;
      }
    });
  }
  threads.clear();
  EXPECT_GE(passed, 1000);
  EXPECT_LE(passed, 4000) << "each loses to the others what they count in the same instant";
  EXPECT_TRUE(table.take(user("ann"), rate, kStart));
}

}  // namespace
}  // namespace carillon::access
