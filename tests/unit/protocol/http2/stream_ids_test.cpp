#include "protocol/http2/stream_ids.hpp"

#include <gtest/gtest.h>

#include "protocol/http2/limits.hpp"

namespace carillon::http2 {
namespace {

TEST(StreamIds, RiseAndAreOdd) {
  StreamIds ids;
  EXPECT_FALSE(ids.may_have_headers(0));
  EXPECT_FALSE(ids.may_have_headers(2));
  EXPECT_TRUE(ids.may_have_headers(7));
  ids.use(7);
  EXPECT_TRUE(ids.may_have_headers(7)) << "trailers";
  EXPECT_FALSE(ids.may_have_headers(5)) << "passed over";
  EXPECT_TRUE(ids.may_have_headers(9));
  EXPECT_EQ(ids.highest(), 7U);
}

TEST(StreamIds, AreRememberedWithinALimit) {
  StreamIds ids;
  const auto count = static_cast<std::uint32_t>(limits::kEndedStreams);
  for (std::uint32_t i = 0; i < count + 1; ++i) ids.use(1 + 4 * i);
  EXPECT_TRUE(ids.may_have_headers(1)) << "forgotten: the benefit of the doubt";
  EXPECT_TRUE(ids.may_have_headers(5));
  EXPECT_FALSE(ids.may_have_headers(7));
}

}  // namespace
}  // namespace carillon::http2
