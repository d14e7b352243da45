#include "net/outbox.hpp"

#include <gtest/gtest.h>

#include <array>
#include <random>
#include <string>
#include <vector>

#include "net/limits.hpp"

namespace carillon::net {
namespace {

std::vector<std::string> gathered(const Outbox& outbox, std::size_t room = limits::kPiecesPerSend) {
  std::vector<iovec> pieces(room);
  pieces.resize(outbox.gather(pieces));
  std::vector<std::string> result;
  for (const iovec& piece : pieces) {
    result.emplace_back(static_cast<const char*>(piece.iov_base), piece.iov_len);
  }
  return result;
}

std::string joined(const std::vector<std::string>& pieces) {
  std::string result;
  for (const std::string& piece : pieces) result += piece;
  return result;
}

TEST(OutboxTest, SmallCopiesThatFollowEachOtherAreOnePiece) {
  Outbox outbox;
  outbox.append(Bytes("HTTP/1.1 200 OK\r\n"));
  outbox.append(Bytes("\r\n"));
  outbox.append(Bytes("body"));
  EXPECT_EQ(gathered(outbox), std::vector<std::string>{"HTTP/1.1 200 OK\r\n\r\nbody"});
}

TEST(OutboxTest, SharedSegmentsKeepTheirPlaceBetweenCopies) {
  Outbox outbox;
  outbox.append(Bytes("a"));
  outbox.append(SharedBytes("b"));
  outbox.append(Bytes("c"));
  outbox.append(Bytes("d"));
  EXPECT_EQ(gathered(outbox), (std::vector<std::string>{"a", "b", "cd"}));
  EXPECT_EQ(outbox.byte_count(), 4U);
}

TEST(OutboxTest, ASharedSegmentIsNotCopied) {
  Outbox outbox;
  const SharedBytes segment("shared");
  outbox.append(segment);
  std::vector<iovec> pieces(1);
  ASSERT_EQ(outbox.gather(pieces), 1U);
  EXPECT_EQ(pieces[0].iov_base, segment.view().data());
}

TEST(OutboxTest, OneSendIsBoundedInPiecesAndOctets) {
  Outbox outbox;
  for (int index = 0; index < 100; ++index) outbox.append(SharedBytes("x"));
  EXPECT_EQ(gathered(outbox).size(), limits::kPiecesPerSend);
  outbox.clear();
  outbox.append(SharedBytes(std::string(3 * limits::kBytesPerSend, 'x')));
  EXPECT_EQ(joined(gathered(outbox)).size(), limits::kBytesPerSend);
}

TEST(OutboxTest, EmptyPiecesAddNothing) {
  Outbox outbox;
  outbox.append(Bytes());
  outbox.append(SharedBytes());
  EXPECT_TRUE(outbox.empty());
  EXPECT_TRUE(gathered(outbox).empty());
}

TEST(OutboxTest, WhateverIsAppendedAndConsumedTheOctetsComeInOrder) {
  for (unsigned seed = 1; seed <= 10; ++seed) {
    std::mt19937 random(seed);
    Outbox outbox;
    std::string expected;
    std::size_t sent = 0;
    char next = 'a';
    for (int step = 0; step < 2000; ++step) {
      const std::size_t size = random() % (random() % 50 == 0 ? 40'000 : 60);
      const std::string piece(size, next);
      next = next == 'z' ? 'a' : static_cast<char>(next + 1);
      if (random() % 2 == 0)
        outbox.append(Bytes(piece));
      else
        outbox.append(SharedBytes(piece));
      expected += piece;
      ASSERT_EQ(outbox.byte_count(), expected.size() - sent);
      if (random() % 3 != 0) continue;
      const std::string offered = joined(gathered(outbox, 1 + random() % 64));
      ASSERT_EQ(offered, expected.substr(sent, offered.size()));
      ASSERT_EQ(offered.empty(), sent == expected.size());
      const std::size_t taken = offered.empty() ? 0 : random() % (offered.size() + 1);
      outbox.consume(taken);
      sent += taken;
    }
  }
}

TEST(OutboxTest, TheFrontIsOnePieceOfWhateverWaits) {
  std::array<char, 8> room{};
  Outbox outbox;
  EXPECT_EQ(outbox.front(room), "");
  outbox.append(SharedBytes("abc"));
  EXPECT_EQ(outbox.front(room), "abc");
  outbox.append(Bytes("de"));
  outbox.append(SharedBytes("fgh"));
  outbox.append(Bytes("ij"));
  EXPECT_EQ(outbox.front(room), "abcdefgh");
  outbox.consume(4);
  EXPECT_EQ(outbox.front(room), "efghij");
  outbox.consume(4);
  EXPECT_EQ(outbox.front(room), "ij");
}

TEST(OutboxTest, AFrontThatLiesInOnePieceIsNotCopied) {
  std::array<char, 4> room{};
  Outbox outbox;
  const SharedBytes segment("0123456789");
  outbox.append(segment);
  outbox.append(Bytes("x"));
  outbox.consume(1);
  const Bytes front = outbox.front(room);
  EXPECT_EQ(front, "1234");
  EXPECT_EQ(front.data(), segment.view().data() + 1);
}

}  // namespace
}  // namespace carillon::net
