#include "protocol/json/scalar.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <string>

#include "protocol/json/validator.hpp"
#include "tests/vectors/read_vectors.hpp"

namespace carillon::json {
namespace {

using testing::read_vectors;

constexpr std::int64_t kLeast = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();

Value number(Bytes raw) {
  return {raw, Kind::Number};
}

TEST(JsonScalar, DecodesEveryStringVector) {
  for (const auto& vector : read_vectors("json", "strings")) {
    const auto raw = vector["raw"].get<std::string>();
    ASSERT_TRUE(validate(raw)) << raw;
    EXPECT_EQ(decode_string(raw), vector["text"].get<std::string>()) << raw;
    EXPECT_TRUE(string_is(raw, vector["text"].get<std::string>())) << raw;
  }
}

TEST(JsonScalar, DecodesEveryBasicCodePointLikeAnotherParser) {
  for (unsigned code = 0; code < 0x10000; ++code) {
    if (code >= 0xD800 && code < 0xE000) continue;
    char raw[9];
    std::snprintf(raw, sizeof raw, "\"\\u%04X\"", code);
    ASSERT_EQ(decode_string(raw), nlohmann::json::parse(raw).get<std::string>()) << raw;
  }
}

TEST(JsonScalar, ComparesWithoutTakingEscapesForText) {
  EXPECT_TRUE(string_is("\"type\"", "type"));
  EXPECT_TRUE(string_is("\"t\\u0079pe\"", "type"));
  EXPECT_FALSE(string_is("\"t\\u0079pe\"", "t\\u0079pe"));
  EXPECT_FALSE(string_is("\"type\"", "typ"));
  EXPECT_FALSE(string_is("\"typ\"", "type"));
  EXPECT_FALSE(string_is("\"t\\u0079pe\"", "tipe"));
}

TEST(JsonScalar, ReadsIntegersWithinTheirBounds) {
  EXPECT_EQ(read_integer(number("0"), 0, 10), 0);
  EXPECT_EQ(read_integer(number("10"), 0, 10), 10);
  EXPECT_EQ(read_integer(number("11"), 0, 10), std::nullopt);
  EXPECT_EQ(read_integer(number("-1"), 0, 10), std::nullopt);
  EXPECT_EQ(read_integer(number("-0"), 0, 10), 0);
  EXPECT_EQ(read_integer(number("9223372036854775807"), kLeast, kMost), kMost);
  EXPECT_EQ(read_integer(number("-9223372036854775808"), kLeast, kMost), kLeast);
}

TEST(JsonScalar, TakesNoNumberForAnIntegerThatIsWrittenOtherwise) {
  EXPECT_EQ(read_integer(number("1.0"), 0, 10), std::nullopt);
  EXPECT_EQ(read_integer(number("1e0"), 0, 10), std::nullopt);
  EXPECT_EQ(read_integer(number("9223372036854775808"), kLeast, kMost), std::nullopt);
  EXPECT_EQ(read_integer({"\"1\"", Kind::String}, 0, 10), std::nullopt);
  EXPECT_EQ(read_integer({"null", Kind::Null}, 0, 10), std::nullopt);
}

TEST(JsonScalar, ReadsBooleansAndNothingElse) {
  EXPECT_EQ(read_boolean({"true", Kind::Boolean}), true);
  EXPECT_EQ(read_boolean({"false", Kind::Boolean}), false);
  EXPECT_EQ(read_boolean({"\"true\"", Kind::String}), std::nullopt);
  EXPECT_EQ(read_boolean({"1", Kind::Number}), std::nullopt);
}

}  // namespace
}  // namespace carillon::json
