#include "protocol/http1/fields.hpp"

#include <gtest/gtest.h>

#include "tests/unit/protocol/http1/support.hpp"

namespace carillon::http1 {
namespace {

TEST(Fields, AreFoundWhateverTheirCase) {
  Fields fields;
  fields.add("Content-Type", "text/plain");
  fields.add("X", "1");
  fields.add("x", "2");
  EXPECT_EQ(fields.find("CONTENT-type"), "text/plain");
  EXPECT_EQ(fields.find("X"), "1");
  EXPECT_EQ(fields.count("X"), 2U);
  EXPECT_FALSE(fields.find("Content-Typ"));
  EXPECT_FALSE(fields.has("Content-Type-"));
  EXPECT_EQ(fields.at(2).name, "x");
}

TEST(Fields, AreEmptyAtFirst) {
  const Fields fields;
  EXPECT_TRUE(fields.empty());
  EXPECT_FALSE(fields.find("X"));
  EXPECT_EQ(fields.combined("X"), "");
}

TEST(Fields, KeepTheOrderOfWhatWasReceived) {
  const RequestHead head = testing::head_of("GET / HTTP/1.1\r\nB: 1\r\nHost: a\r\nA:  2 \r\n\r\n");
  ASSERT_EQ(head.fields().size(), 3U);
  EXPECT_EQ(head.fields().at(0).name, "B");
  EXPECT_EQ(head.fields().at(2).value, "2");
}

TEST(Fields, FindTokensInListsAcrossLines) {
  Fields fields;
  fields.add("Connection", "keep-alive,\t Upgrade ,");
  fields.add("connection", ", TE");
  EXPECT_TRUE(fields.has_token("Connection", "upgrade"));
  EXPECT_TRUE(fields.has_token("CONNECTION", "te"));
  EXPECT_FALSE(fields.has_token("connection", "keep"));
  EXPECT_FALSE(fields.has_token("connection", "alive"));
  EXPECT_FALSE(fields.has_token("upgrade", "te"));
}

TEST(Fields, CombineRepeatedLines) {
  Fields fields;
  fields.add("A", "1");
  fields.add("B", "x");
  fields.add("a", "2, 3");
  EXPECT_EQ(fields.combined("A"), "1, 2, 3");
  EXPECT_EQ(fields.combined("B"), "x");
}

TEST(Fields, AreCheckedOctetByOctetWhereverOneIs) {
  for (std::size_t octet = 0; octet < 256; ++octet) {
    const char each = static_cast<char>(octet);
    const bool fits = each == '\t' || (octet >= 0x20 && octet != 0x7F);
    for (std::size_t at = 1; at < 20; ++at) {
      std::string value(21, 'v');
      value[at] = each;
      Fields fields;
      fields.add("X", value);
      if (!fits) value[at] = ' ';
      EXPECT_EQ(fields.find("X"), value) << octet << " at " << at;
    }
  }
}

TEST(Fields, CannotBeInjectedWithLines) {
  Fields fields;
  fields.add("X", Bytes("a\r\nEvil: b\0c\x7F\t\xC3", 15));
  EXPECT_EQ(fields.find("X"), Bytes("a  Evil: b c \t\xC3"));
}

TEST(Fields, TrimWhatIsAdded) {
  Fields fields;
  fields.add("X", " \ta b\t ");
  EXPECT_EQ(fields.find("X"), "a b");
}

TEST(FieldsDeathTest, DieOfANameThatIsNoToken) {
  Fields fields;
  EXPECT_DEATH(fields.add("X: a\r\nY", "b"), "is_token");
  EXPECT_DEATH(fields.add("", "b"), "is_token");
}

}  // namespace
}  // namespace carillon::http1
