#include "protocol/json/writer.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <string>

#include "protocol/json/scalar.hpp"
#include "protocol/json/validator.hpp"
#include "tests/vectors/read_vectors.hpp"

namespace carillon::json {
namespace {

using testing::octets_of;
using testing::read_vectors;

std::string written(Bytes text) {
  std::string out = "before ";
  append_string(out, text);
  return out.substr(7);
}

TEST(JsonWriter, WritesEveryStringVector) {
  for (const auto& vector : read_vectors("json", "write")) {
    EXPECT_EQ(written(octets_of(vector)), vector["json"].get<std::string>());
  }
}

TEST(JsonWriter, WritesEveryOctetPairAsValidJson) {
  for (int first = 0; first < 256; ++first) {
    for (int second = 0; second < 256; ++second) {
      const std::string text{static_cast<char>(first), static_cast<char>(second)};
      const std::string json = written(text);
      ASSERT_TRUE(validate(json)) << first << ' ' << second;
      if (first < 128 && second < 128) {
        ASSERT_EQ(decode_string(json), text);
      }
    }
  }
}

TEST(JsonWriter, WritesTheExtremeIntegers) {
  std::string out;
  append_integer(out, std::numeric_limits<std::int64_t>::min());
  append_integer(out.append(" "), std::numeric_limits<std::uint64_t>::max());
  append_integer(out.append(" "), 0);
  EXPECT_EQ(out, "-9223372036854775808 18446744073709551615 0");
}

TEST(JsonWriter, WritesAnObjectBehindWhatIsThere) {
  std::string out = "[1,";
  ObjectWriter object(out);
  object.text("text", "a\"b").integer("integer", -5).boolean("yes", true).boolean("no", false);
  object.raw("raw", "[1]").begin("own").append("null");
  object.finish();
  EXPECT_EQ(out, R"([1,{"text":"a\"b","integer":-5,"yes":true,"no":false,"raw":[1],"own":null})");
}

TEST(JsonWriter, WritesAnObjectWithoutMembers) {
  std::string out;
  ObjectWriter(out).finish();
  EXPECT_EQ(out, "{}");
}

TEST(JsonWriter, PutsEveryVectorOnOneLine) {
  for (const auto& vector : read_vectors("json", "compact")) {
    auto json = vector["json"].get<std::string>();
    EXPECT_EQ(has_newlines(json), json != vector["line"].get<std::string>()) << json;
    compact_newlines(json);
    EXPECT_EQ(json, vector["line"].get<std::string>());
    EXPECT_FALSE(has_newlines(json));
  }
}

TEST(JsonWriter, OneLineMeansTheSameForEveryValidVector) {
  for (const auto& vector : read_vectors("json", "validate")) {
    if (vector.contains("error")) continue;
    std::string line = octets_of(vector);
    compact_newlines(line);
    EXPECT_TRUE(validate(line)) << vector["name"];
    if (vector["name"].get<std::string>().find("huge") != std::string::npos) continue;
    EXPECT_EQ(nlohmann::json::parse(line), nlohmann::json::parse(octets_of(vector)));
  }
}

}  // namespace
}  // namespace carillon::json
