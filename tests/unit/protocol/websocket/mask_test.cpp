#include "protocol/websocket/mask.hpp"

#include <gtest/gtest.h>

#include <string>

#include "core/bytes.hpp"

namespace carillon::websocket {
namespace {

constexpr MaskKey kKey{0x37, 0xFA, 0x21, 0x3D};

/// The definition of RFC 6455 §5.3, octet by octet.
std::string masked_plainly(Bytes text, MaskKey key, std::uint64_t offset) {
  std::string result(text);
  for (std::size_t index = 0; index < result.size(); ++index) {
    const unsigned octet = static_cast<unsigned char>(result[index]);
    result[index] = static_cast<char>(octet ^ key[(offset + index) % 4]);
  }
  return result;
}

std::string sample(std::size_t size) {
  std::string text;
  for (std::size_t index = 0; index < size; ++index) text.push_back(static_cast<char>(index * 7));
  return text;
}

TEST(Mask, MatchesTheExampleOfTheRfc) {
  std::string text = "Hello";
  apply_mask(text, kKey, 0);
  EXPECT_EQ(text, "\x7f\x9f\x4d\x51\x58");
}

TEST(Mask, MatchesItsDefinitionAtEveryLengthOffsetAndAlignment) {
  for (std::size_t size = 0; size <= 40; ++size) {
    for (std::uint64_t offset = 0; offset < 9; ++offset) {
      for (std::size_t start = 0; start < 8; ++start) {
        std::string text = std::string(start, '.') + sample(size);
        apply_mask(std::span(text).subspan(start), kKey, offset);
        ASSERT_EQ(text, std::string(start, '.') + masked_plainly(sample(size), kKey, offset));
      }
    }
  }
}

TEST(Mask, FitsTogetherHoweverThePayloadIsCut) {
  const std::string whole = masked_plainly(sample(100), kKey, 0);
  for (std::size_t cut = 0; cut <= whole.size(); ++cut) {
    std::string text = sample(100);
    apply_mask(std::span(text).first(cut), kKey, 0);
    apply_mask(std::span(text).subspan(cut), kKey, cut);
    ASSERT_EQ(text, whole);
  }
}

TEST(Mask, AppliedTwiceGivesTheTextBack) {
  std::string text = sample(1000);
  apply_mask(text, kKey, 3);
  EXPECT_NE(text, sample(1000));
  apply_mask(text, kKey, 3);
  EXPECT_EQ(text, sample(1000));
}

TEST(Mask, TakesOffsetsBeyond32Bits) {
  const std::uint64_t offset = (std::uint64_t{1} << 40) + 3;
  std::string text = sample(20);
  apply_mask(text, kKey, offset);
  EXPECT_EQ(text, masked_plainly(sample(20), kKey, 3));
}

}  // namespace
}  // namespace carillon::websocket
