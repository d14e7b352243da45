#include "access/decision.hpp"

#include <gtest/gtest.h>

namespace carillon::access {
namespace {

TEST(InQuotes, ShowsWhatAPeerSentWithoutHarm) {
  EXPECT_EQ(in_quotes("a b"), "\"a b\"");
  EXPECT_EQ(in_quotes("\"\\\r\n\x7f\xc3\xa4"), "\"???????\"");
  EXPECT_EQ(in_quotes(std::string(101, 'x')), "\"" + std::string(100, 'x') + "…\"");
}

}  // namespace
}  // namespace carillon::access
