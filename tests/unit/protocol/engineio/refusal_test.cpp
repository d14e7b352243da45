#include "protocol/engineio/refusal.hpp"

#include <gtest/gtest.h>

namespace carillon::engineio {
namespace {

TEST(EngineioRefusal, SpeaksAsClientsKnowIt) {
  EXPECT_EQ(to_json(Refusal::UnknownTransport), R"({"code":0,"message":"Transport unknown"})");
  EXPECT_EQ(to_json(Refusal::UnknownSession), R"({"code":1,"message":"Session ID unknown"})");
  EXPECT_EQ(to_json(Refusal::BadHandshakeMethod), R"({"code":2,"message":"Bad handshake method"})");
  EXPECT_EQ(to_json(Refusal::BadRequest), R"({"code":3,"message":"Bad request"})");
  EXPECT_EQ(to_json(Refusal::Forbidden), R"({"code":4,"message":"Forbidden"})");
  EXPECT_EQ(to_json(Refusal::UnsupportedVersion),
            R"({"code":5,"message":"Unsupported protocol version"})");
}

TEST(EngineioRefusal, ForbidsWith403) {
  EXPECT_EQ(status_of(Refusal::Forbidden), 403);
  EXPECT_EQ(status_of(Refusal::UnknownSession), 400);
}

}  // namespace
}  // namespace carillon::engineio
