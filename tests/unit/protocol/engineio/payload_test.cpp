#include "protocol/engineio/payload.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/unit/protocol/engineio/read_payload.hpp"

namespace carillon::engineio {
namespace {

using testing::read;

TEST(EngineioPayload, JoinsPacketsWithASeparator) {
  std::string payload;
  append_to_payload(payload, {.data = "hello"});
  append_to_payload(payload, {.type = PacketType::Ping});
  append_to_payload(payload, {.kind = DataKind::Binary, .data = Bytes("\x01\x02\x03\x04")});
  EXPECT_EQ(payload,
            "4hello\x1e"
            "2\x1e"
            "bAQIDBA==");
  EXPECT_EQ(read(payload), (std::vector<std::string>{"4hello", "2", "bAQIDBA=="}));
}

TEST(EngineioPayload, EndsWithItsLastPacket) {
  EXPECT_EQ(read("4"), std::vector<std::string>{"4"});
  EXPECT_EQ(read("4\x1e"
                 "4"),
            (std::vector<std::string>{"4", "4"}));
}

TEST(EngineioPayload, ShowsWhatIsNoPacket) {
  EXPECT_EQ(read(""), std::vector<std::string>{"?"});
  EXPECT_EQ(read("abc"), std::vector<std::string>{"?"});
  EXPECT_EQ(read("4a\x1e"), (std::vector<std::string>{"4a", "?"}));
  EXPECT_EQ(read("4a\x1e\x1e"
                 "4b"),
            (std::vector<std::string>{"4a", "?"}));
}

TEST(EngineioPayload, TellsWhatIsLeft) {
  PayloadReader reader(
      "4a\x1e"
      "4b\x1e"
      "4c");
  EXPECT_EQ(reader.next()->data, "a");
  EXPECT_EQ(reader.rest(),
            "4b\x1e"
            "4c");
}

/// Cut anywhere, each part is as good as its packets are.
TEST(EngineioPayload, CanBeReadOnFromWhereverItWasLeft) {
  const std::string payload =
      "4hello\x1e"
      "2\x1e"
      "bAQIDBA==\x1e"
      "4"
      "\xc3\xa9";
  const auto whole = read(payload);
  for (std::size_t taken = 0; taken < whole.size(); ++taken) {
    PayloadReader first(payload);
    std::vector<std::string> texts;
    for (std::size_t i = 0; i < taken; ++i) {
      texts.emplace_back();
      append_packet(texts.back(), *first.next());
    }
    for (const std::string& text : read(first.rest())) texts.push_back(text);
    EXPECT_EQ(texts, whole);
  }
}

}  // namespace
}  // namespace carillon::engineio
