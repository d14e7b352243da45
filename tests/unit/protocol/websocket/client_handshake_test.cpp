#include "protocol/websocket/client_handshake.hpp"

#include <gtest/gtest.h>

#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace carillon::websocket {
namespace {

constexpr std::array<std::string_view, 2> kSubprotocols{"chat", "superchat"};
constexpr std::array<Field, 1> kOrigin{{{"Origin", "http://example.com"}}};
const Offer kOffer{.host = "server.example.com",
                   .target = "/chat",
                   .key = "dGhlIHNhbXBsZSBub25jZQ==",
                   .subprotocols = kSubprotocols,
                   .fields = kOrigin};

using Fields = std::vector<std::pair<std::string, std::string>>;

Fields good_answer() {
  return {{"Upgrade", "websocket"},
          {"Connection", "Upgrade"},
          {"Sec-WebSocket-Accept", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="}};
}

Fields answer_with(const std::string& name, const std::string& value) {
  Fields fields = good_answer();
  std::erase_if(fields, [&](const auto& field) { return field.first == name; });
  fields.emplace_back(name, value);
  return fields;
}

Result<std::optional<std::string_view>, HandshakeError> judge(const Fields& fields,
                                                              int status = 101) {
  Answer answer{.status = status, .fields = {}};
  for (const auto& [name, value] : fields) answer.fields.add(name, value);
  return check_answer(answer, kOffer);
}

/// The error, or nothing where there is none: `error()` alone may be asked only then.
template <class Value, class Error>
std::optional<Error> error_in(const Result<Value, Error>& result) {
  return result ? std::nullopt : std::optional(result.error());
}

TEST(ClientHandshake, WritesTheRequestOfTheRfc) {
  EXPECT_EQ(request_head(kOffer),
            "GET /chat HTTP/1.1\r\n"
            "Host: server.example.com\r\n"
            "Upgrade: websocket\r\n"
            "Connection: Upgrade\r\n"
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
            "Sec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Protocol: chat, superchat\r\n"
            "Origin: http://example.com\r\n"
            "\r\n");
}

TEST(ClientHandshake, NamesNoSubprotocolWhereNoneIsWanted) {
  const std::string head = request_head({.host = "h", .target = "/", .key = "k"});
  EXPECT_EQ(head.find("Protocol"), std::string::npos);
  EXPECT_TRUE(head.ends_with("\r\n\r\n"));
}

TEST(ClientHandshake, MakesAKeyThatServersAccept) {
  const std::string nonce = "the sample nonce";
  const std::string key = client_key(std::span<const char, 16>(nonce));
  EXPECT_EQ(key, "dGhlIHNhbXBsZSBub25jZQ==");
  UpgradeRequest request{.method = "GET", .is_http_1_1_or_later = true, .fields = {}};
  request.fields.add("Upgrade", "websocket");
  request.fields.add("Connection", "Upgrade");
  request.fields.add("Sec-WebSocket-Version", "13");
  request.fields.add("Sec-WebSocket-Key", key);
  EXPECT_TRUE(accept_upgrade(request, {}).has_value());
}

TEST(ClientHandshake, AcceptsAGoodAnswerWithAndWithoutASubprotocol) {
  ASSERT_TRUE(judge(good_answer()).has_value());
  EXPECT_EQ(judge(good_answer()).value(), std::nullopt);
  EXPECT_EQ(judge(answer_with("Sec-WebSocket-Protocol", "superchat")).value(), "superchat");
  EXPECT_TRUE(judge(answer_with("Connection", "upgrade, keep-alive")).has_value());
}

TEST(ClientHandshake, RefusesAnswersThatDoNotSwitch) {
  for (const int status : {100, 200, 301, 401, 426, 500}) {
    EXPECT_EQ(error_in(judge(good_answer(), status)), HandshakeError::NotSwitched);
  }
  EXPECT_EQ(error_in(judge(answer_with("Upgrade", "h2c"))), HandshakeError::NotAnUpgrade);
  EXPECT_EQ(error_in(judge(answer_with("Connection", "close"))), HandshakeError::NotAnUpgrade);
}

TEST(ClientHandshake, RefusesAnAnswerToAnotherKey) {
  for (const std::string accept : {"", "s3pPLMBiTxaQ9kYGzzhZRbK+xOp=",
                                   "S3PPLMBITXAQ9KYGZZHZRBK+XOO=", "dGhlIHNhbXBsZSBub25jZQ=="}) {
    EXPECT_EQ(error_in(judge(answer_with("Sec-WebSocket-Accept", accept))),
              HandshakeError::BadAccept);
  }
  Fields twice = good_answer();
  twice.push_back(twice.back());
  EXPECT_EQ(error_in(judge(twice)), HandshakeError::BadAccept);
}

TEST(ClientHandshake, RefusesWhatItDidNotAskFor) {
  for (const std::string name : {"mqtt", "Chat", "chat, superchat", ""}) {
    EXPECT_EQ(error_in(judge(answer_with("Sec-WebSocket-Protocol", name))),
              HandshakeError::UnwantedSubprotocol);
  }
  for (const std::string extension : {"permessage-deflate", "a b"}) {
    EXPECT_EQ(error_in(judge(answer_with("Sec-WebSocket-Extensions", extension))),
              HandshakeError::UnwantedExtension);
  }
}

}  // namespace
}  // namespace carillon::websocket
