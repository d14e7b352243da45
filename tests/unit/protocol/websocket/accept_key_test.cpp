#include "protocol/websocket/accept_key.hpp"

#include <gtest/gtest.h>

namespace carillon::websocket {
namespace {

TEST(AcceptKey, MatchesTheExampleOfTheRfc) {
  EXPECT_EQ(accept_key("dGhlIHNhbXBsZSBub25jZQ=="), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
}

TEST(AcceptKey, DependsOnEveryCharacterOfTheKey) {
  EXPECT_NE(accept_key("dGhlIHNhbXBsZSBub25jZQ=="), accept_key("dGhlIHNhbXBsZSBub25jZg=="));
  EXPECT_EQ(accept_key("").size(), 28U);
}

}  // namespace
}  // namespace carillon::websocket
