#include "apps/carillon/message_data.hpp"

#include <gtest/gtest.h>

namespace carillon::app {
namespace {

TEST(MessageDataTest, IsJsonWhereItCanBe) {
  EXPECT_EQ(json_of("{\"a\": 1}", DataType::Auto).value(), "{\"a\": 1}");
  EXPECT_EQ(json_of("plain", DataType::Auto).value(), "\"plain\"");
  EXPECT_EQ(json_of("", DataType::Auto).value(), "\"\"");
  EXPECT_EQ(json_of("{\"a\":1,\"a\":2}", DataType::Auto).value(), R"("{\"a\":1,\"a\":2}")");
}

TEST(MessageDataTest, IsWhatItIsSaidToBe) {
  EXPECT_EQ(json_of("42", DataType::Text).value(), "\"42\"");
  EXPECT_EQ(json_of("42", DataType::Json).value(), "42");
  EXPECT_FALSE(json_of("plain", DataType::Json));
}

TEST(MessageDataTest, IsUtf8) {
  EXPECT_FALSE(json_of("\xff", DataType::Auto));
  EXPECT_FALSE(json_of("\"\xff\"", DataType::Text));
}

}  // namespace
}  // namespace carillon::app
