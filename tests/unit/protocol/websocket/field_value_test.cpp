#include "protocol/websocket/field_value.hpp"

#include <gtest/gtest.h>

#include <string>

namespace carillon::websocket {
namespace {

using Lines = std::vector<Bytes>;

TEST(FieldValue, ComparesLettersInAnyCaseAndNothingElse) {
  EXPECT_TRUE(equals_ignoring_case("WebSocket", "websocket"));
  EXPECT_FALSE(equals_ignoring_case("websocket", "websockets"));
  EXPECT_FALSE(equals_ignoring_case("[", "{"));
  EXPECT_FALSE(equals_ignoring_case("@", "`"));
}

TEST(FieldValue, KnowsTheCharactersOfATokenExactly) {
  const std::string tokens =
      "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  for (int octet = 0; octet < 256; ++octet) {
    const char character = static_cast<char>(octet);
    EXPECT_EQ(is_token_character(character), tokens.find(character) != std::string::npos) << octet;
  }
  EXPECT_FALSE(is_token(""));
  EXPECT_TRUE(is_token("carillon.json"));
  EXPECT_FALSE(is_token("two words"));
}

TEST(FieldValue, FindsAnItemAnywhereInAList) {
  EXPECT_TRUE(list_contains(Lines{"Upgrade"}, "upgrade"));
  EXPECT_TRUE(list_contains(Lines{"keep-alive, Upgrade"}, "upgrade"));
  EXPECT_TRUE(list_contains(Lines{"keep-alive", " ,\tUPGRADE ,"}, "upgrade"));
  EXPECT_FALSE(list_contains(Lines{"keep-alive Upgrade"}, "upgrade"));
  EXPECT_FALSE(list_contains(Lines{"upgraded, x-upgrade"}, "upgrade"));
  EXPECT_FALSE(list_contains(Lines{}, "upgrade"));
}

TEST(FieldValue, ReadsTokensOverSeveralLinesInOrder) {
  EXPECT_EQ(parse_tokens(Lines{"a, b", ",c\t,", ""}), (Lines{"a", "b", "c"}));
  EXPECT_EQ(parse_tokens(Lines{}), Lines{});
}

TEST(FieldValue, RefusesListsOfAnythingButTokens) {
  for (const Bytes line : {"a b", "a;b", "a/b", "\"a\"", "a,\x80", "a=b", "(a)"}) {
    EXPECT_FALSE(parse_tokens(Lines{line}).has_value()) << line;
  }
}

TEST(FieldValue, BoundsTheNumberOfItems) {
  std::string line = "t";
  for (std::size_t count = 1; count < kMaxListItems; ++count) line.append(",t");
  EXPECT_EQ(parse_tokens(Lines{line})->size(), kMaxListItems);
  EXPECT_FALSE(parse_tokens(Lines{line, "t"}).has_value());
}

}  // namespace
}  // namespace carillon::websocket
