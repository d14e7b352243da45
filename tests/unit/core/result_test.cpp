#include "core/result.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace carillon {
namespace {

Result<int, std::string> half(int number) {
  if (number % 2 != 0) return std::unexpected("odd: " + std::to_string(number));
  return number / 2;
}

Result<void, std::string> check(bool good) {
  if (!good) return std::unexpected("bad");
  return {};
}

Result<std::string, std::string> quarter(int number, bool good) {
  TRY(check(good));
  return std::to_string(TRY(half(TRY(half(number)))));
}

Result<std::unique_ptr<int>, std::string> boxed(int number) {
  Result<std::unique_ptr<int>, std::string> box = std::make_unique<int>(TRY(half(number)));
  return TRY(box);
}

TEST(Try, IsTheValueOfAResult) {
  EXPECT_EQ(quarter(12, true), "3");
}

TEST(Try, ReturnsTheErrorOfWhicheverFailed) {
  EXPECT_EQ(quarter(7, true).error(), "odd: 7");
  EXPECT_EQ(quarter(6, true).error(), "odd: 3");
  EXPECT_EQ(quarter(12, false).error(), "bad");
}

TEST(Try, MovesWhatCannotBeCopied) {
  EXPECT_EQ(**boxed(4), 2);
  EXPECT_EQ(boxed(5).error(), "odd: 5");
}

}  // namespace
}  // namespace carillon
