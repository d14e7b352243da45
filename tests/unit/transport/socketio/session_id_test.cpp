#include "transport/socketio/session_id.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace carillon::transport {
namespace {

TEST(EngineSessionId, IsWhatItsTextSays) {
  const EngineSessionId id{.reactor = 513,
                           .session = {.slot = 0x01020304, .generation = 0xfffffffe},
                           .secret = random_secret()};
  const std::string text = to_text(id);
  EXPECT_EQ(text.size(), 27);
  EXPECT_TRUE(std::ranges::all_of(text, [](char octet) {
    return std::isalnum(static_cast<unsigned char>(octet)) != 0 || octet == '_' || octet == '-';
  }));
  EXPECT_EQ(parse_session_id(text), id);
}

TEST(EngineSessionId, IsNothingElse) {
  const std::string text = to_text({.reactor = 1, .session = {}, .secret = random_secret()});
  for (std::size_t length = 0; length < text.size(); ++length) {
    EXPECT_FALSE(parse_session_id(Bytes(text).substr(0, length)));
  }
  EXPECT_FALSE(parse_session_id(text + "A"));
  EXPECT_FALSE(parse_session_id("lv_VI97HAXpY6yYWAAAB"));
  EXPECT_FALSE(parse_session_id(std::string(27, '/')));
}

TEST(EngineSessionId, CannotBeGuessedFromAnother) {
  EXPECT_NE(random_secret(), random_secret());
}

}  // namespace
}  // namespace carillon::transport
