#include "protocol/json_schema/schema.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "protocol/json_schema/limits.hpp"
#include "tests/vectors/read_vectors.hpp"

namespace carillon::json_schema {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

/// Nothing for data that fits.
std::string verdict(const Schema& schema, Bytes data) {
  const auto checked = schema.check(data);
  return checked ? "" : describe(checked.error());
}

Schema compiled(Bytes text) {
  auto schema = Schema::compile(text);
  if (!schema) ADD_FAILURE() << schema.error().message << " in " << text;
  return schema ? *std::move(schema) : Schema::refuse_all("is no schema");
}

std::string data_of(const nlohmann::json& vector) {
  const bool is_text = vector.is_object() && vector.size() == 1 && vector.contains("text");
  return is_text ? vector.at("text").get<std::string>() : vector.dump();
}

TEST(JsonSchema, JudgesDataAsTheVectorsSay) {
  for (const auto& vector : testing::read_vectors("json_schema", "check")) {
    SCOPED_TRACE(vector.at("name"));
    const Schema schema = compiled(vector.at("schema").dump());
    for (const auto& data : vector.at("fits")) {
      EXPECT_EQ(verdict(schema, data_of(data)), "") << data_of(data);
    }
    for (const auto& wrong : vector.at("fails")) {
      const std::string text = data_of(wrong.at("data"));
      const std::string told = verdict(schema, text);
      EXPECT_NE(told, "") << text;
      if (wrong.contains("why")) {
        EXPECT_THAT(told, HasSubstr(wrong.at("why").get<std::string>())) << text;
      }
    }
  }
}

TEST(JsonSchema, RefusesWhatItDoesNotServeAndNamesTheLine) {
  for (const auto& vector : testing::read_vectors("json_schema", "refused")) {
    SCOPED_TRACE(vector.at("name"));
    const auto schema = Schema::compile(vector.at("text").get<std::string>());
    ASSERT_FALSE(schema);
    EXPECT_EQ(schema.error().line, vector.at("line").get<std::size_t>());
    EXPECT_THAT(schema.error().message, HasSubstr(vector.at("message").get<std::string>()));
  }
}

/// No stretch of it may be taken for the whole: what was cut off might be what the rest depends on.
TEST(JsonSchema, RefusesEveryTruncatedSchema) {
  const std::string text = R"({"properties":{"a":{"enum":[1,"x"]}},"required":["a"]})";
  for (std::size_t size = 0; size < text.size(); ++size) {
    EXPECT_FALSE(Schema::compile(Bytes(text).substr(0, size))) << size;
  }
}

TEST(JsonSchema, RefusesAllWithOneReasonWhereItIsToldTo) {
  const Schema schema = Schema::refuse_all("the schema cannot be read");
  EXPECT_EQ(verdict(schema, "{}"), "the schema cannot be read");
  EXPECT_EQ(verdict(schema, "1"), "the schema cannot be read");
}

TEST(JsonSchema, OutlivesItsText) {
  auto text =
      std::make_unique<std::string>(R"({"required":["name"],"properties":{"name":{"const":"x"}}})");
  const Schema schema = compiled(*text);
  text->assign(text->size(), '\0');
  text.reset();
  EXPECT_EQ(verdict(schema, R"({"name":"y"})"), R"(/name: must be "x")");
}

TEST(JsonSchema, CutsLongPointersBetweenCharacters) {
  std::string name;
  for (int i = 0; i < 500; ++i) name += "ä";
  const Schema schema = compiled(R"({"additionalProperties":false})");
  const std::string told = verdict(schema, "{\"" + name + "\":1}");
  EXPECT_LT(told.size(), 300U);
  EXPECT_THAT(told, HasSubstr("ä…: is not allowed"));
}

// --- What it may cost -------------------------------------------------------------------------

/// Each level of the data is looked at twice from each of the two above it: 2^60 ways.
TEST(JsonSchema, EndsACheckThatDoublesWithEveryLevel) {
  const Schema schema = compiled(R"({"anyOf":[{"properties":{"a":{"$ref":"#"}},"not":true},)"
                                 R"({"properties":{"a":{"$ref":"#"}},"not":true}]})");
  std::string data;
  for (int i = 0; i < 60; ++i) data += "{\"a\":";
  data += "1" + std::string(60, '}');
  EXPECT_THAT(verdict(schema, data), StartsWith("checking it takes too many steps"));
}

/// One look at a value is 2^12 looks of the innermost schema.
TEST(JsonSchema, EndsACheckThatDoublesWithEverySchema) {
  std::string text = R"({"items":{"$ref":"#/definitions/s0"},"definitions":{)";
  for (int i = 0; i < 12; ++i) {
    const std::string next = "{\"$ref\":\"#/definitions/s" + std::to_string(i + 1) + "\"}";
    text += "\"s" + std::to_string(i) + "\":{\"allOf\":[" + next + "," + next + "]},";
  }
  const Schema schema = compiled(text + "\"s12\":true}}");
  EXPECT_EQ(verdict(schema, "[1]"), "");
  std::string data = "[1";
  for (int i = 0; i < 1000; ++i) data += ",1";
  EXPECT_THAT(verdict(schema, data + "]"), StartsWith("checking it takes too many steps"));
}

TEST(JsonSchema, LooksForManyNamesInManyObjectsOnlyForSoLong) {
  std::string text = R"({"items":{"properties":{)";
  for (int i = 0; i < 5000; ++i) text += "\"name" + std::to_string(i) + "\":true,";
  const Schema schema = compiled(text + "\"last\":true}}}");
  EXPECT_EQ(verdict(schema, "[{},{}]"), "");
  std::string data = "[{}";
  for (int i = 0; i < 5000; ++i) data += ",{}";
  EXPECT_THAT(verdict(schema, data + "]"), StartsWith("checking it takes too many steps"));
}

TEST(JsonSchema, AllowsPlainDataOfAnySize) {
  const Schema schema = compiled(
      R"({"type":"array","uniqueItems":true,"items":{"type":"object","required":["id","at"],)"
      R"("additionalProperties":false,"properties":{"id":{"type":"integer","minimum":0},)"
      R"("at":{"type":"array","items":{"enum":[1,2,3]}}}}})");
  std::string data = "[";
  for (int i = 0; i < 20'000; ++i) {
    data +=
        (i == 0 ? "" : ",") + std::string("{\"id\":") + std::to_string(i) + ",\"at\":[1,2,3,1]}";
  }
  EXPECT_EQ(verdict(schema, data + "]"), "");
}

TEST(JsonSchema, TakesTheDeepestDataThroughTheLongestRowOfSchemas) {
  const std::string text =
      R"({"allOf":[{"allOf":[{"allOf":[{"allOf":[{"not":{"not":{"anyOf":[{"oneOf":[{"if":true,)"
      R"("then":{"allOf":[{"allOf":[{"not":{"not":{"anyOf":[{"allOf":[{"allOf":[)"
      R"({"items":{"$ref":"#"}}]}]}]}}}]}]}}]}]}}}]}]}]}]})";
  const Schema schema = compiled(text);
  EXPECT_EQ(verdict(schema, std::string(64, '[') + std::string(64, ']')), "");
}

TEST(JsonSchema, HasALimitOnTheSchemasOfOneFile) {
  std::string text = R"({"items":[true)";
  for (std::size_t i = 2; i < kMostSubschemas; ++i) text += ",true";
  EXPECT_TRUE(Schema::compile(text + "]}"));
  const auto refused = Schema::compile(text + ",\ntrue]}");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().line, 2U);
  EXPECT_THAT(refused.error().message, HasSubstr("more than 10000 schemas"));
}

/// No recursion for them: each refers to the next one, which lies deeper in the data.
TEST(JsonSchema, CompilesALongRowOfReferences) {
  std::string text = R"({"$ref":"#/definitions/s0","definitions":{)";
  for (int i = 0; i < 2000; ++i) {
    text += "\"s" + std::to_string(i) + "\":{\"items\":{\"$ref\":\"#/definitions/s" +
            std::to_string(i + 1) + "\"}},";
  }
  const Schema schema = compiled(text + "\"s2000\":false}}");
  EXPECT_EQ(verdict(schema, "[[[1]]]"), "");
}

TEST(JsonSchema, MayBeAskedByManyThreads) {
  const Schema schema =
      compiled(R"({"properties":{"a":{"anyOf":[{"type":"string"},{"const":1}]}}})");
  std::vector<std::jthread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([schema] {
      for (int round = 0; round < 200; ++round) {
        EXPECT_EQ(verdict(schema, R"({"a":1})"), "");
        EXPECT_EQ(verdict(schema, R"({"a":2})"), "/a: must fit one of the schemas of 'anyOf'");
      }
    });
  }
}

}  // namespace
}  // namespace carillon::json_schema
