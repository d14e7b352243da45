#include "protocol/json/object.hpp"

#include <gtest/gtest.h>

#include <string>

#include "tests/unit/protocol/json/error_names.hpp"

namespace carillon::json {
namespace {

std::string object_error(Bytes text, const Limits& limits = {}) {
  const auto object = parse_object(text, limits);
  return object ? "none"
                : name_of(object.error().kind) + " at " + std::to_string(object.error().offset);
}

std::string array_error(Bytes text, const Limits& limits = {}) {
  const auto array = parse_array(text, limits);
  return array ? "none"
               : name_of(array.error().kind) + " at " + std::to_string(array.error().offset);
}

TEST(JsonObject, ListsTheOutermostMembersAsTheyStandInTheText) {
  const auto object = parse_object(
      " { \"a\" : [1, {\"b\":2}] ,\n\"c\\u0064\":\"x\\\"y\", \"e\":{}, \"f\" : -1.5e3 } ");
  ASSERT_TRUE(object);
  const auto members = object->members();
  ASSERT_EQ(members.size(), 4U);
  EXPECT_EQ(members[0].key, "\"a\"");
  EXPECT_EQ(members[0].value.raw, "[1, {\"b\":2}]");
  EXPECT_EQ(members[1].key, "\"c\\u0064\"");
  EXPECT_EQ(members[1].value.raw, "\"x\\\"y\"");
  EXPECT_EQ(members[2].value.raw, "{}");
  EXPECT_EQ(members[3].value.raw, "-1.5e3");
}

TEST(JsonObject, TellsTheKindOfEachValue) {
  const auto object = parse_object(R"({"null":null,"true":true,"false":false,"number":-1,"zero":0,)"
                                   R"("string":"","array":[],"object":{}})");
  ASSERT_TRUE(object);
  EXPECT_EQ(object->find("null")->kind, Kind::Null);
  EXPECT_EQ(object->find("true")->kind, Kind::Boolean);
  EXPECT_EQ(object->find("false")->kind, Kind::Boolean);
  EXPECT_EQ(object->find("number")->kind, Kind::Number);
  EXPECT_EQ(object->find("zero")->kind, Kind::Number);
  EXPECT_EQ(object->find("string")->kind, Kind::String);
  EXPECT_EQ(object->find("array")->kind, Kind::Array);
  EXPECT_EQ(object->find("object")->kind, Kind::Object);
}

TEST(JsonObject, FindsAMemberByItsDecodedKey) {
  const auto object = parse_object(R"({"\u0074ype":1,"a\\b":2,"":3})");
  ASSERT_TRUE(object);
  EXPECT_EQ(object->find("type")->raw, "1");
  EXPECT_EQ(object->find("a\\b")->raw, "2");
  EXPECT_EQ(object->find("")->raw, "3");
  EXPECT_EQ(object->find("\\u0074ype"), nullptr);
  EXPECT_EQ(object->find("a\\\\b"), nullptr);
  EXPECT_EQ(object->find("typ"), nullptr);
}

TEST(JsonObject, DoesNotFindMembersOfInnerObjects) {
  const auto object = parse_object(R"({"outer":{"inner":1}})");
  ASSERT_TRUE(object);
  EXPECT_EQ(object->find("inner"), nullptr);
}

TEST(JsonObject, AnEmptyOneHasNoMembers) {
  const auto object = parse_object(" {\n} ");
  ASSERT_TRUE(object);
  EXPECT_TRUE(object->members().empty());
}

TEST(JsonObject, RefusesOtherKindsWhereTheyBegin) {
  EXPECT_EQ(object_error(" [1]"), "NotAnObject at 1");
  EXPECT_EQ(object_error("\"{}\""), "NotAnObject at 0");
  EXPECT_EQ(object_error("null"), "NotAnObject at 0");
}

TEST(JsonObject, TellsWhatIsNoJsonBeforeWhatIsNoObject) {
  EXPECT_EQ(object_error("[1"), "UnexpectedEnd at 2");
  EXPECT_EQ(object_error("hello"), "ValueExpected at 0");
  EXPECT_EQ(object_error(""), "UnexpectedEnd at 0");
  EXPECT_EQ(object_error("  "), "UnexpectedEnd at 2");
  EXPECT_EQ(object_error("\xEF\xBB\xBF{}"), "ByteOrderMark at 0");
}

TEST(JsonObject, ValidatesWhatItDoesNotList) {
  EXPECT_EQ(object_error(R"({"a":{"b":1,"b":2}})"), "DuplicateKey at 12");
  EXPECT_EQ(object_error(R"({"a":[01]})"), "BadNumber at 7");
}

TEST(JsonObject, RefusesMoreMembersThanTheLimit) {
  EXPECT_EQ(object_error(R"({"a":1,"b":2})", {.items = 2}), "none");
  EXPECT_EQ(object_error(R"({"a":1,"b":2,"c":3})", {.items = 2}), "TooMany at 17");
}

TEST(JsonObject, CountsOnlyTheOutermostMembers) {
  EXPECT_EQ(object_error(R"({"a":{"b":1,"c":2,"d":3},"e":[1,2,3]})", {.items = 2}), "none");
}

TEST(JsonArray, ListsItsElements) {
  const auto array = parse_array("[1,\"two\" , [3,3],{\"four\":4},\nnull]");
  ASSERT_TRUE(array);
  ASSERT_EQ(array->size(), 5U);
  EXPECT_EQ((*array)[0].raw, "1");
  EXPECT_EQ((*array)[1].raw, "\"two\"");
  EXPECT_EQ((*array)[2].raw, "[3,3]");
  EXPECT_EQ((*array)[3].raw, "{\"four\":4}");
  EXPECT_EQ((*array)[3].kind, Kind::Object);
  EXPECT_EQ((*array)[4].kind, Kind::Null);
}

TEST(JsonArray, MayBeEmpty) {
  const auto array = parse_array("[ ]");
  ASSERT_TRUE(array);
  EXPECT_TRUE(array->empty());
}

TEST(JsonArray, RefusesObjectsWrongTextsAndTooManyElements) {
  EXPECT_EQ(array_error("  {}"), "NotAnArray at 2");
  EXPECT_EQ(array_error("[1,]"), "ValueExpected at 3");
  EXPECT_EQ(array_error("[1,2,3]", {.items = 3}), "none");
  EXPECT_EQ(array_error("[1,2,3,4]", {.items = 3}), "TooMany at 7");
}

}  // namespace
}  // namespace carillon::json
