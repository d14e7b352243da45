#include "client/message.hpp"

#include <gtest/gtest.h>

#include "client/limits.hpp"
#include "fake_server.hpp"

namespace carillon::client {
namespace {

TEST(MessageTest, GivesDataAndPosition) {
  const std::string json = test::message("chat", 42, R"({"text":"hi"})", "k3f9");
  const auto object = ServerObject::parse(json);
  ASSERT_TRUE(object);
  EXPECT_EQ(object->type(), "message");
  EXPECT_EQ(object->channel(), "chat");
  const auto message = object->message();
  ASSERT_TRUE(message);
  EXPECT_EQ(message->json, json);
  EXPECT_EQ(message->data, R"({"text":"hi"})");
  EXPECT_EQ(to_text(message->position), "k3f9:42");
  EXPECT_FALSE(message->is_binary);
}

TEST(MessageTest, TellsBinaryDataApart) {
  const auto object = ServerObject::parse(
      R"({"channel":"c","offset":1,"epoch":"e","data":"AAE=","encoding":"base64"})");
  EXPECT_TRUE(object->message()->is_binary);
  EXPECT_TRUE(object->ephemeral()->is_binary);
}

TEST(MessageTest, IsNoneWithoutWhatAMessageHas) {
  for (const Bytes json :
       {R"({})", R"({"offset":1,"epoch":"e"})", R"({"data":1,"epoch":"e"})",
        R"({"data":1,"offset":1})", R"({"data":1,"offset":-1,"epoch":"e"})",
        R"({"data":1,"offset":1.5,"epoch":"e"})", R"({"data":1,"offset":"1","epoch":"e"})",
        R"({"data":1,"offset":1,"epoch":"E!"})", R"({"data":1,"offset":1,"epoch":7})",
        R"({"data":1,"offset":9007199254740992,"epoch":"e"})"}) {
    const auto object = ServerObject::parse(json);
    ASSERT_TRUE(object) << json;
    EXPECT_FALSE(object->message()) << json;
  }
}

TEST(MessageTest, ReadsMembersWithCare) {
  const auto object =
      ServerObject::parse(R"({"position":"e:3","yes":true,"number":7,"type":5,"text":"a\u0041"})");
  EXPECT_EQ(to_text(object->position().value()), "e:3");
  EXPECT_TRUE(object->boolean("yes", false));
  EXPECT_TRUE(object->boolean("number", true));
  EXPECT_FALSE(object->boolean("missing", false));
  EXPECT_EQ(object->integer("number"), 7U);
  EXPECT_FALSE(object->integer("yes"));
  EXPECT_EQ(object->text("text"), "aA");
  EXPECT_EQ(object->type(), "");
}

TEST(MessageTest, TakesTheDeepestDataThatAServerTakes) {
  const auto nested = [](std::size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
  };
  EXPECT_TRUE(ServerObject::parse(test::message("c", 1, nested(64))));
  EXPECT_FALSE(ServerObject::parse(test::message("c", 1, nested(limits::kJsonDepth))));
  EXPECT_FALSE(ServerObject::parse("[]"));
  EXPECT_FALSE(ServerObject::parse("{"));
}

}  // namespace
}  // namespace carillon::client
