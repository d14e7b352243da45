#include "core/shared_bytes.hpp"

#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace carillon {
namespace {

TEST(SharedBytes, CopiesWhatItWasGiven) {
  std::string text = "hello";
  const SharedBytes bytes(text);
  text = "other";
  EXPECT_EQ(bytes.view(), "hello");
  EXPECT_EQ(bytes.size(), 5U);
  EXPECT_FALSE(bytes.empty());
}

TEST(SharedBytes, AnEmptyOneHoldsNothing) {
  EXPECT_TRUE(SharedBytes().empty());
  EXPECT_TRUE(SharedBytes("").empty());
  EXPECT_EQ(SharedBytes().view(), "");
  EXPECT_EQ(SharedBytes().size(), 0U);
}

TEST(SharedBytes, CopiesShareOneBlock) {
  const SharedBytes first("text");
  const SharedBytes second = first;
  EXPECT_TRUE(first.same(second));
  EXPECT_EQ(first.view().data(), second.view().data());
  EXPECT_FALSE(first.same(SharedBytes("text")));
}

TEST(SharedBytes, TheLastReferenceKeepsTheOctets) {
  SharedBytes last;
  {
    const SharedBytes first("kept");
    last = first;
  }
  EXPECT_EQ(last.view(), "kept");
}

TEST(SharedBytes, MovingLeavesNothingBehind) {
  SharedBytes from("text");
  const SharedBytes to = std::move(from);
  EXPECT_EQ(to.view(), "text");
  EXPECT_TRUE(from.empty());  // NOLINT(bugprone-use-after-move): this is what is tested.
}

TEST(SharedBytes, AssignmentToItselfAndOverAnother) {
  SharedBytes bytes("one");
  const SharedBytes& itself = bytes;
  bytes = itself;
  EXPECT_EQ(bytes.view(), "one");
  bytes = SharedBytes("two");
  EXPECT_EQ(bytes.view(), "two");
  bytes = {};
  EXPECT_TRUE(bytes.empty());
}

TEST(SharedBytes, JoinsTwoPiecesInOneBlock) {
  EXPECT_EQ(SharedBytes::joined("ab", "cd").view(), "abcd");
  EXPECT_EQ(SharedBytes::joined("", "cd").view(), "cd");
  EXPECT_EQ(SharedBytes::joined("ab", "").view(), "ab");
  EXPECT_TRUE(SharedBytes::joined("", "").empty());
  EXPECT_EQ(SharedBytes::joined(Bytes("\0\xff", 2), "\n").view(), Bytes("\0\xff\n", 3));
}

TEST(SharedBytes, ManyThreadsCopyAndDropOneBlock) {
  SharedBytes shared(std::string(100, 'x'));
  std::vector<std::thread> threads;
  threads.reserve(4);
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([shared] {
      for (int round = 0; round < 10'000; ++round) {
        const SharedBytes copy = shared;
        EXPECT_EQ(copy.size(), 100U);
      }
    });
  }
  shared = {};
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace carillon
