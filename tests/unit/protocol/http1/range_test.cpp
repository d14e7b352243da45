#include "protocol/http1/range.hpp"

#include <gtest/gtest.h>

namespace carillon::http1 {
namespace {

/// `first-last` of ten octets, or what else is answered.
std::string answer(Bytes value, std::uint64_t size_bytes = 10) {
  const RangeAnswer resolved = resolve_range(value, size_bytes);
  if (const auto* range = std::get_if<ByteRange>(&resolved)) {
    return std::to_string(range->first) + "-" + std::to_string(range->last);
  }
  return std::holds_alternative<Unsatisfiable>(resolved) ? "unsatisfiable" : "whole";
}

TEST(Range, IsResolvedAgainstTheSize) {
  EXPECT_EQ(answer("bytes=0-0"), "0-0");
  EXPECT_EQ(answer("bytes=2-5"), "2-5");
  EXPECT_EQ(answer("Bytes=2-"), "2-9");
  EXPECT_EQ(answer("bytes=2-99"), "2-9");
  EXPECT_EQ(answer("bytes=9-99999999999999999999999"), "9-9");
  EXPECT_EQ(answer("bytes=-3"), "7-9");
  EXPECT_EQ(answer("bytes=-99"), "0-9");
  EXPECT_EQ((ByteRange{2, 5}).size_bytes(), 4U);
}

TEST(Range, IsUnsatisfiableBeyondTheEnd) {
  EXPECT_EQ(answer("bytes=10-"), "unsatisfiable");
  EXPECT_EQ(answer("bytes=10-11,99999999999999999999999-"), "unsatisfiable");
  EXPECT_EQ(answer("bytes=-0"), "unsatisfiable");
  EXPECT_EQ(answer("bytes=0-", 0), "unsatisfiable");
  EXPECT_EQ(answer("bytes=-1", 0), "unsatisfiable");
}

TEST(Range, IsIgnoredWhereSeveralAreSatisfiable) {
  EXPECT_EQ(answer("bytes=0-1,4-5"), "whole");
  EXPECT_EQ(answer("bytes=0-,0-,0-,0-"), "whole");
  EXPECT_EQ(answer("bytes=0-1, 20-30"), "0-1");
  EXPECT_EQ(answer("bytes=20-30 ,\t0-1,,"), "0-1");
  EXPECT_EQ(answer("bytes=20-30, 0-1, 2-3"), "whole");
}

TEST(Range, IsIgnoredWhereItIsMalformed) {
  for (const Bytes value : {"", "bytes", "bytes=", "bytes=,", "bytes=-", "bytes=a-b", "bytes=1",
                            "bytes=5-2", "bytes=1-2-3", "bytes=0 - 1", "bytes=+1-2", "bytes=--1",
                            "bytes =0-1", "lines=0-1", "bytes=0-1,x", "bytes=x,0-1", "0-1"}) {
    EXPECT_EQ(answer(value), "whole") << value;
  }
}

TEST(Range, IsTold) {
  EXPECT_EQ(content_range({0, 4}, 10), "bytes 0-4/10");
  EXPECT_EQ(content_range_unsatisfied(10), "bytes */10");
}

}  // namespace
}  // namespace carillon::http1
