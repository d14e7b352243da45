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

TEST(StreamOutbox, KeepsCopiesAndSharedPiecesInTheirOrder) {
  StreamOutbox outbox;
  outbox.append(Bytes("a"));
  outbox.append(Bytes("b"));
  outbox.append(SharedBytes("cd"));
  outbox.append(Bytes(""));
  outbox.append(Bytes("e"));
  outbox.append(Bytes(std::string(20'000, 'f')));
  outbox.append(Bytes("g"));
  EXPECT_EQ(outbox.byte_count(), 20'006U);
  std::string room(3, '\0');
  EXPECT_EQ(outbox.take(room), 3U);
  EXPECT_EQ(room, "abc");
  outbox.append(Bytes("h"));
  std::string rest(30'000, '\0');
  rest.resize(outbox.take(rest));
  EXPECT_EQ(rest, "de" + std::string(20'000, 'f') + "gh");
  EXPECT_EQ(outbox.byte_count(), 0U);
}

TEST(StreamOutbox, IsDoneWhenItIsFinishedAndEmpty) {
  StreamOutbox outbox;
  EXPECT_FALSE(outbox.done());
  outbox.finish();
  EXPECT_TRUE(outbox.done());
}

}  // namespace
}  // namespace carillon::http2
