#include "core/position.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace carillon {
namespace {

TEST(Epoch, IsOneToSixteenLowerCaseLettersAndDigits) {
  for (const char* text : {"a", "0", "k3f9", "abcdefghijklmnop"}) {
    ASSERT_TRUE(Epoch::parse(text)) << text;
    EXPECT_EQ(Epoch::parse(text)->text(), text);
  }
  for (const char* text : {"", "abcdefghijklmnopq", "A", "k-3", "k:3", " k", "\xc3\xa9"}) {
    EXPECT_FALSE(Epoch::parse(text)) << text;
  }
}

TEST(Epoch, DiffersByTextAndLength) {
  EXPECT_EQ(Epoch::parse("ab"), Epoch::parse("ab"));
  EXPECT_NE(Epoch::parse("ab"), Epoch::parse("abc"));
  EXPECT_NE(Epoch::parse("ab"), Epoch::parse("ac"));
  EXPECT_EQ(Epoch().text(), "");
}

TEST(Epoch, RandomOnesAreValidAndDiffer) {
  std::set<std::string> seen;
  for (int i = 0; i < 100; ++i) {
    const Epoch epoch = Epoch::random();
    EXPECT_TRUE(Epoch::parse(epoch.text()));
    EXPECT_TRUE(seen.insert(std::string(epoch.text())).second);
  }
}

TEST(Position, PrintsAndReadsItsText) {
  for (const char* text : {"k3f9:42", "a:0", "abcdefghijklmnop:9007199254740991"}) {
    const auto position = parse_position(text);
    ASSERT_TRUE(position) << text;
    EXPECT_EQ(to_text(*position), text);
  }
  EXPECT_EQ(parse_position("k3f9:42"), (Position{*Epoch::parse("k3f9"), 42}));
}

TEST(Position, AppendsBehindWhatIsThere) {
  std::string out = "at ";
  append_text(out, Position{*Epoch::parse("e"), 7});
  EXPECT_EQ(out, "at e:7");
}

TEST(Position, RefusesEverythingElse) {
  for (const char* text : {"",
                           ":",
                           "k3f9",
                           "k3f9:",
                           ":42",
                           "k3f9:-1",
                           "k3f9:+1",
                           "k3f9: 1",
                           "k3f9:1 ",
                           "k3f9:01",
                           "k3f9:00",
                           "k3f9:1.0",
                           "k3f9:1:2",
                           "K3F9:1",
                           "k3f9:0x1",
                           "k3f9:9007199254740992",
                           "k3f9:18446744073709551616",
                           "abcdefghijklmnopq:1",
                           "-",
                           "k3f9,1"}) {
    EXPECT_FALSE(parse_position(text)) << text;
  }
}

TEST(Position, RefusesEveryPrefixWithoutAnOffset) {
  const std::string text = "k3f9:4";
  for (std::size_t length = 0; length < text.size(); ++length) {
    EXPECT_FALSE(parse_position(text.substr(0, length)));
  }
}

}  // namespace
}  // namespace carillon
