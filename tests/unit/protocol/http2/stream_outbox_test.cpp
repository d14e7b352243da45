#include "protocol/http2/stream_outbox.hpp"

#include <gtest/gtest.h>

#include <string>

namespace carillon::http2 {
namespace {

TEST(StreamOutbox, GivesItsOctetsInAnyPortions) {
  for (std::size_t portion = 1; portion < 14; ++portion) {
    StreamOutbox outbox;
    for (const char* piece : {"one", "", "two", "three"}) outbox.append(SharedBytes(piece));
    EXPECT_EQ(outbox.byte_count(), 11U);
    outbox.finish();
    std::string taken;
    while (!outbox.done()) {
      std::string room(portion, '\0');
      const std::size_t count = outbox.take(room);
      ASSERT_GT(count, 0U);
      taken.append(room.substr(0, count));
    }
    EXPECT_EQ(taken, "onetwothree");
    EXPECT_EQ(outbox.byte_count(), 0U);
  }
}

TEST(StreamOutbox, IsDoneWhenItIsFinishedAndEmpty) {
  StreamOutbox outbox;
  EXPECT_FALSE(outbox.done());
  outbox.finish();
  EXPECT_TRUE(outbox.done());
}

}  // namespace
}  // namespace carillon::http2
