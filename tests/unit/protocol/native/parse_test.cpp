#include "protocol/native/parse.hpp"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <utility>

#include "tests/unit/protocol/native/command_json.hpp"
#include "tests/vectors/read_vectors.hpp"

namespace carillon::native {
namespace {

using testing::octets_of;
using testing::read_vectors;
using Json = nlohmann::json;

Json to_json(const CommandError& error) {
  Json json{{"code", problem_info(error.code).text}, {"message", error.message}};
  if (!error.id.empty()) json["id"] = error.id;
  return {{"error", json}};
}

Json to_json(const Result<ParsedCommand, CommandError>& result) {
  if (!result) return to_json(result.error());
  Json json{{"command", std::visit(CommandToJson(), result->command)}};
  if (!result->id.empty()) json["id"] = result->id;
  return json;
}

Json to_json(const Result<Publish, CommandError>& result) {
  return result ? CommandToJson()(*result) : to_json(result.error());
}

/// What a vector expects, without what it is given.
Json expectation(Json vector) {
  vector.erase("text");
  vector.erase("hex");
  return vector;
}

TEST(ParseCommand, ReadsEveryVector) {
  for (const Json& vector : read_vectors("native", "commands")) {
    const std::string text = octets_of(vector);
    EXPECT_EQ(to_json(parse_command(text)), expectation(vector)) << text;
  }
}

TEST(ParseCborCommand, ReadsEveryVector) {
  for (const Json& vector : read_vectors("native_cbor", "commands")) {
    const std::string octets = octets_of(vector);
    auto result = parse_cbor_command(octets);
    EXPECT_EQ(result ? result->encoding : result.error().encoding, Encoding::Cbor);
    std::string& id = result ? result->id : result.error().id;
    id = to_hex(id);
    EXPECT_EQ(to_json(result), expectation(vector)) << vector;
  }
}

TEST(ParseCborCommand, TellsEveryCut) {
  for (const Json& vector : read_vectors("native_cbor", "commands")) {
    const std::string octets = octets_of(vector);
    if (!parse_cbor_command(octets)) continue;
    for (std::size_t size = 0; size < octets.size(); ++size) {
      const auto cut = parse_cbor_command(Bytes(octets).substr(0, size));
      ASSERT_FALSE(cut) << vector << size;
      EXPECT_TRUE(cut.error().message.ends_with("the data ends too early")) << cut.error().message;
    }
  }
}

/// What another implementation writes of the commands in JSON means the same.
TEST(ParseCborCommand, MeansWhatTheSameObjectMeansInJson) {
  std::size_t compared = 0;
  for (const Json& vector : read_vectors("native", "commands")) {
    const std::string text = octets_of(vector);
    const auto in_json = parse_command(text);
    if (!in_json || !Json::accept(text)) continue;
    Json object = Json::parse(text);
    const bool is_binary = object.contains("encoding") && !object["encoding"].is_null();
    if (is_binary || !object.contains("data")) continue;
    object["data"] = object["data"].dump();
    std::string octets;
    Json::to_cbor(object, octets);
    const auto in_cbor = parse_cbor_command(octets);
    ASSERT_TRUE(in_cbor) << text << in_cbor.error().message;
    Json left = std::visit(CommandToJson(), in_json->command);
    Json right = std::visit(CommandToJson(), in_cbor->command);
    left["data"] = Json::parse(left["data"].get<std::string>());
    right["data"] = Json::parse(right["data"].get<std::string>());
    EXPECT_EQ(left, right) << text;
    ++compared;
  }
  EXPECT_GT(compared, 10U);
}

TEST(ParseCommand, VectorsHoldEveryCommandRightAndWrong) {
  std::map<std::size_t, int> right;
  std::map<std::string, int> wrong;
  for (const Json& vector : read_vectors("native", "commands")) {
    const std::string text = octets_of(vector);
    if (const auto result = parse_command(text)) {
      ++right[result->command.index()];
    } else if (Json::accept(text) && Json::parse(text).is_object()) {
      ++wrong[Json::parse(text).value("/type"_json_pointer, Json()).dump()];
    }
  }
  EXPECT_EQ(right.size(), std::variant_size_v<Command>);
  for (const char* type : {"connect", "subscribe", "unsubscribe", "message", "ephemeral", "signal",
                           "history", "presence", "rpc", "ping"}) {
    EXPECT_TRUE(wrong.contains(Json(type).dump())) << type;
  }
}

// A copy of each piece lets a sanitizer see a read behind its end.
TEST(ParseCommand, RefusesEveryProperPrefixOfEveryVector) {
  for (const Json& vector : read_vectors("native", "commands")) {
    std::string text = octets_of(vector);
    text.erase(text.find_last_not_of(" \n") + 1);
    if (!text.starts_with('{') || !text.ends_with('}') || text.ends_with("}{}")) continue;
    for (std::size_t length = 0; length < text.size(); ++length) {
      const auto result = parse_command(std::string(text, 0, length));
      ASSERT_FALSE(result) << text.substr(0, length);
      EXPECT_EQ(result.error().code, ProblemCode::BadRequest);
      EXPECT_EQ(result.error().id, "");
    }
  }
}

TEST(ParseCommand, BorrowsDataThatStandsInTheText) {
  const std::string text = R"({"type":"message","data":{"text":"hi"}})";
  const auto result = parse_command(text);
  ASSERT_TRUE(result);
  const Bytes data = std::get<Publish>(result->command).data.view();
  EXPECT_EQ(data.data(), text.data() + 25);
}

TEST(ParseCommand, OwnedDataMovesWithItsCommand) {
  auto result = parse_command(R"({"type":"message","a":1})");
  ASSERT_TRUE(result);
  const Command moved = std::move(result->command);
  EXPECT_EQ(std::get<Publish>(moved).data.view(), R"({"a":1})");
}

TEST(ParseCommand, HoldsToOtherLimits) {
  const Limits limits{.json = {.depth = 3, .items = 3}, .page = 10, .default_page = 5};
  const auto message = [&](Bytes text) { return to_json(parse_command(text, limits)).dump(); };
  EXPECT_NE(message(R"({"type":"message","data":[[]]})").find("command"), std::string::npos);
  EXPECT_NE(message(R"({"type":"message","data":[[[]]]})").find("too deep"), std::string::npos);
  EXPECT_NE(message(R"({"type":"message","a":1,"b":2,"c":3})").find("too many"), std::string::npos);
  EXPECT_NE(message(R"({"type":"history","channel":"a","limit":11})").find("from 1 to 10"),
            std::string::npos);
  const auto page = parse_command(R"({"type":"history","channel":"a"})", limits);
  ASSERT_TRUE(page);
  EXPECT_EQ(std::get<History>(page->command).limit, 5U);
}

TEST(ParsePublishBody, ReadsEveryVector) {
  for (const Json& vector : read_vectors("native", "publish_bodies")) {
    const std::string text = octets_of(vector);
    const auto body = parse_publish_body(text);
    Json json =
        body ? Json{{"is_array", body->is_array}, {"items", Json::array()}} : to_json(body.error());
    if (body) {
      for (const auto& item : body->items) json["items"].push_back(to_json(item));
    }
    EXPECT_EQ(json, expectation(vector)) << text;
  }
}

std::string array_of(std::size_t count, const std::string& item) {
  std::string text = "[";
  for (std::size_t i = 0; i < count; ++i) text += (i == 0 ? "" : ",") + item;
  return text + "]";
}

TEST(ParsePublishBody, TakesAThousandItemsAndNoMore) {
  const auto full = parse_publish_body(array_of(1000, R"({"data":1})"));
  ASSERT_TRUE(full);
  EXPECT_EQ(full->items.size(), 1000U);
  const auto over = parse_publish_body(array_of(1001, R"({"data":1})"));
  ASSERT_FALSE(over);
  EXPECT_EQ(over.error().code, ProblemCode::TooLarge);
  EXPECT_EQ(over.error().message, "at most 1000 items at once");
}

TEST(ParseCommandsBody, ReadsOneCommand) {
  const auto body = parse_commands_body(R"( {"type":"ping","id":1})");
  ASSERT_TRUE(body);
  EXPECT_FALSE(body->is_array);
  ASSERT_EQ(body->items.size(), 1U);
  EXPECT_EQ(to_json(body->items[0]), Json::parse(R"({"command":{"type":"ping"},"id":"1"})"));
}

TEST(ParseCommandsBody, ReadsAnArrayWhoseItemsFailByThemselves) {
  const auto body = parse_commands_body(
      R"([{"type":"ping","id":1},{"type":"dance","id":2},null,{"type":"presence","channel":"a"}])");
  ASSERT_TRUE(body);
  EXPECT_TRUE(body->is_array);
  ASSERT_EQ(body->items.size(), 4U);
  EXPECT_TRUE(body->items[0]);
  EXPECT_EQ(body->items[1].error().id, "2");
  EXPECT_EQ(body->items[2].error().id, "");
  EXPECT_TRUE(body->items[3]);
}

TEST(ParseCommandsBody, RefusesAnArrayThatIsNoJsonAsAWhole) {
  const auto body = parse_commands_body(R"([{"type":"ping"},{"type":"ping"])");
  ASSERT_FALSE(body);
  EXPECT_EQ(body.error().code, ProblemCode::BadRequest);
}

}  // namespace
}  // namespace carillon::native
