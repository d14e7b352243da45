#include "core/utf8.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace carillon {
namespace {

const std::vector<std::string> kValid{
    "",
    "ascii",
    "\x7f",
    std::string(1, '\0'),
    "\u0080\u07ff",
    "\u0800\u0fff\u1000\ucfff",
    "\ud7ff\ue000\uffff",
    "\U00010000\U0003ffff\U00040000\U000fffff\U00100000\U0010ffff",
    "plain words before \u00e9 and plain words behind it",
    "\u65e5\u672c\u8a9e \U0001f600"};

// Each with the place of the first octet that no valid text could have there.
struct Invalid {
  std::string text;
  std::size_t place;
};
const std::vector<Invalid> kInvalid{{"\x80", 0},
                                    {"a\xbf", 1},
                                    {"\xc0\x80", 0},
                                    {"\xc1\xbf", 0},
                                    {"\xc2\x7f", 1},
                                    {"\xc2\xc0", 1},
                                    {"\xe0\x9f\xbf", 1},
                                    {"\xe0\xa0\x7f", 2},
                                    {"\xe1\x80\xc0", 2},
                                    {"\xed\xa0\x80", 1},
                                    {"\xed\xbf\xbf", 1},
                                    {"\xef\xbf\x7f", 2},
                                    {"\xf0\x8f\xbf\xbf", 1},
                                    {"\xf1\x80\x80\x7f", 3},
                                    {"\xf4\x90\x80\x80", 1},
                                    {"\xf5\x80\x80\x80", 0},
                                    {"\xff", 0},
                                    {"\xfe", 0},
                                    {"12345678\xff", 8},
                                    {"1234567\xe9 12345678", 8}};

std::size_t first_refused(const std::string& text) {
  Utf8Validator validator;
  for (std::size_t place = 0; place < text.size(); ++place) {
    if (!validator.feed(Bytes(text).substr(place, 1))) return place;
  }
  return text.size();
}

TEST(Utf8, AcceptsWellFormedTextHoweverItIsCut) {
  for (const std::string& text : kValid) {
    EXPECT_TRUE(is_utf8(text)) << text;
    for (std::size_t cut = 0; cut <= text.size(); ++cut) {
      Utf8Validator validator;
      EXPECT_TRUE(validator.feed(Bytes(text).substr(0, cut)));
      EXPECT_TRUE(validator.feed(Bytes(text).substr(cut)));
      EXPECT_TRUE(validator.complete());
    }
  }
}

TEST(Utf8, IsCompleteExactlyBetweenCharacters) {
  const std::string text = "a\u00e9\u20ac\U0001f600";
  std::vector<std::size_t> complete;
  Utf8Validator validator;
  for (std::size_t place = 0; place < text.size(); ++place) {
    ASSERT_TRUE(validator.feed(Bytes(text).substr(place, 1)));
    if (validator.complete()) complete.push_back(place + 1);
  }
  EXPECT_EQ(complete, (std::vector<std::size_t>{1, 3, 6, 10}));
}

TEST(Utf8, RefusesTheFirstOctetThatCannotBe) {
  for (const Invalid& invalid : kInvalid) {
    EXPECT_FALSE(is_utf8(invalid.text));
    EXPECT_EQ(first_refused(invalid.text), invalid.place) << testing::PrintToString(invalid.text);
  }
}

TEST(Utf8, RefusalIsFinalUntilReset) {
  Utf8Validator validator;
  EXPECT_FALSE(validator.feed("\xff"));
  EXPECT_FALSE(validator.feed("good"));
  EXPECT_FALSE(validator.complete());
  validator.reset();
  EXPECT_TRUE(validator.feed("good"));
  EXPECT_TRUE(validator.complete());
}

TEST(Utf8, ACutCharacterIsNoText) {
  for (const char* text : {"\xc3", "\xe2\x82", "\xf0\x9f\x98"}) {
    Utf8Validator validator;
    EXPECT_TRUE(validator.feed(text));
    EXPECT_FALSE(validator.complete());
    EXPECT_FALSE(is_utf8(text));
  }
}

bool decodes(unsigned first, unsigned second, unsigned third) {
  const unsigned code = (first & 0x0F) << 12 | (second & 0x3F) << 6 | (third & 0x3F);
  return first >> 4 == 0xE && second >> 6 == 2 && third >> 6 == 2 && code >= 0x800 &&
         (code < 0xD800 || code > 0xDFFF);
}

TEST(Utf8, JudgesEverySequenceOfThreeLikeTheFormula) {
  for (unsigned first = 0xE0; first < 0xF0; ++first) {
    for (unsigned second = 0; second < 256; ++second) {
      for (unsigned third = 0; third < 256; third += 3) {
        const std::string text{static_cast<char>(first), static_cast<char>(second),
                               static_cast<char>(third)};
        ASSERT_EQ(is_utf8(text), decodes(first, second, third));
      }
    }
  }
}

TEST(Utf8, ReplacesEachOctetOfNoCharacter) {
  EXPECT_EQ(to_utf8("a\u00e9\u20ac\U0001f600"), "a\u00e9\u20ac\U0001f600");
  EXPECT_EQ(to_utf8("a\xff\xc3z"), "a\ufffd\ufffdz");
  EXPECT_EQ(to_utf8("\xed\xa0\x80"), "\ufffd\ufffd\ufffd");
  EXPECT_EQ(to_utf8("\xe2\x82"), "\ufffd\ufffd");
  EXPECT_EQ(to_utf8(""), "");
  for (const Invalid& invalid : kInvalid) EXPECT_TRUE(is_utf8(to_utf8(invalid.text)));
}

}  // namespace
}  // namespace carillon
