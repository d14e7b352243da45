#include "apps/carillon/printable.hpp"

#include <gtest/gtest.h>

namespace carillon::app {
namespace {

TEST(PrintableTest, LetsNoControlCharacterThrough) {
  EXPECT_EQ(printable("plain, é, 鐘"), "plain, é, 鐘");
  EXPECT_EQ(printable("a\x1b[2Jb\r\nc\x7f"
                      "d\xc2\x9b"
                      "e\tf"),
            "a [2Jb  c d e f");
  EXPECT_EQ(printable("\xff\xc2"), "\xef\xbf\xbd\xef\xbf\xbd");
}

TEST(PrintableTest, KeepsJsonTheSameValue) {
  EXPECT_EQ(printable_json("{\"a\":\"\x7f \xc2\x85 \xc2\xa0\"}"),
            "{\"a\":\"\\u007f \\u0085 \xc2\xa0\"}");
  EXPECT_EQ(printable_json("[1,\t2]"), "[1, 2]");
}

TEST(PrintableTest, ShowsTheTextOfAString) {
  EXPECT_EQ(data_line(R"("two words")"), "two words");
  EXPECT_EQ(data_line(R"("caf\u00e9 \"x\"")"), "café \"x\"");
  EXPECT_EQ(data_line(R"("")"), "");
  EXPECT_EQ(data_line(R"({"a":[1,null]})"), R"({"a":[1,null]})");
  EXPECT_EQ(data_line("42"), "42");
}

TEST(PrintableTest, ShowsAStringWithControlCharactersAsJson) {
  EXPECT_EQ(data_line(R"("two\nlines")"), R"("two\nlines")");
  EXPECT_EQ(data_line(R"("\u001b[31m")"), R"("\u001b[31m")");
  EXPECT_EQ(data_line("\"\xc2\x9b\""), "\"\\u009b\"");
  EXPECT_EQ(data_line(R"("\u0000")"), R"("\u0000")");
}

}  // namespace
}  // namespace carillon::app
