#include "protocol/websocket/handshake.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace carillon::websocket {
namespace {

using Fields = std::vector<std::pair<std::string, std::string>>;

constexpr Bytes kKey = "dGhlIHNhbXBsZSBub25jZQ==";
constexpr std::array<std::string_view, 2> kSupported{"carillon.json", "carillon.cbor"};

Fields good_fields() {
  return {{"Host", "server.example.com"},
          {"Upgrade", "websocket"},
          {"Connection", "Upgrade"},
          {"Sec-WebSocket-Key", std::string(kKey)},
          {"Sec-WebSocket-Version", "13"}};
}

Fields with(const std::string& name, const std::string& value) {
  Fields fields = good_fields();
  for (auto& field : fields) {
    if (field.first == name) {
      field.second = value;
      return fields;
    }
  }
  fields.emplace_back(name, value);
  return fields;
}

Fields without(const std::string& name) {
  Fields fields = good_fields();
  std::erase_if(fields, [&](const auto& field) { return field.first == name; });
  return fields;
}

Fields doubled(const std::string& name, const std::string& value) {
  Fields fields = good_fields();
  fields.emplace_back(name, value);
  return fields;
}

Result<Accept, HandshakeError> judge(const Fields& fields, Bytes method = "GET",
                                     bool is_new_enough = true,
                                     const std::optional<DeflatePolicy>& deflate = {}) {
  UpgradeRequest request{.method = method, .is_http_1_1_or_later = is_new_enough, .fields = {}};
  for (const auto& [name, value] : fields) request.fields.add(name, value);
  return accept_upgrade(request, kSupported, deflate);
}

std::optional<HandshakeError> error_of(const Fields& fields, Bytes method = "GET",
                                       bool is_new_enough = true) {
  const auto accept = judge(fields, method, is_new_enough);
  return accept ? std::nullopt : std::optional(accept.error());
}

TEST(Handshake, AcceptsTheExampleOfTheRfc) {
  const auto accept = judge(good_fields());
  ASSERT_TRUE(accept.has_value());
  EXPECT_EQ(accept->accept_key, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
  EXPECT_FALSE(accept->subprotocol.has_value());
  EXPECT_FALSE(accept->deflate);
}

TEST(Handshake, FindsItsFieldsInAnyCase) {
  EXPECT_TRUE(judge({{"UPGRADE", "WebSocket"},
                     {"connection", "keep-alive, upgrade"},
                     {"sec-websocket-KEY", std::string(kKey)},
                     {"SEC-WEBSOCKET-VERSION", " 13 "}})
                  .has_value());
}

TEST(Handshake, AcceptsListsInConnectionAndUpgrade) {
  EXPECT_EQ(error_of(with("Connection", "keep-alive, Upgrade")), std::nullopt);
  EXPECT_EQ(error_of(with("Connection", "Upgrade,HTTP2-Settings")), std::nullopt);
  EXPECT_EQ(error_of(with("Upgrade", "h2c, websocket")), std::nullopt);
  EXPECT_EQ(error_of(doubled("Connection", "keep-alive")), std::nullopt);
}

TEST(Handshake, RefusesOtherMethodsAndOldHttp) {
  EXPECT_EQ(error_of(good_fields(), "POST"), HandshakeError::MethodNotGet);
  EXPECT_EQ(error_of(good_fields(), "get"), HandshakeError::MethodNotGet);
  EXPECT_EQ(error_of(good_fields(), "HEAD"), HandshakeError::NotAnUpgrade);
  EXPECT_EQ(error_of(good_fields(), "GET", false), HandshakeError::HttpVersionTooOld);
}

TEST(Handshake, RefusesWhatAsksForNoUpgrade) {
  EXPECT_EQ(error_of(without("Upgrade")), HandshakeError::NotAnUpgrade);
  EXPECT_EQ(error_of(without("Connection")), HandshakeError::NotAnUpgrade);
  EXPECT_EQ(error_of(with("Upgrade", "websockets")), HandshakeError::NotAnUpgrade);
  EXPECT_EQ(error_of(with("Connection", "keep-alive")), HandshakeError::NotAnUpgrade);
  EXPECT_EQ(error_of({}), HandshakeError::NotAnUpgrade);
}

TEST(Handshake, RefusesVersionsOtherThan13) {
  for (const std::string version : {"", "8", "12", "14", "13, 8", "013", "+13", "13.0"}) {
    EXPECT_EQ(error_of(with("Sec-WebSocket-Version", version)), HandshakeError::UnsupportedVersion)
        << version;
  }
  EXPECT_EQ(error_of(without("Sec-WebSocket-Version")), HandshakeError::UnsupportedVersion);
  EXPECT_EQ(error_of(doubled("Sec-WebSocket-Version", "13")), HandshakeError::UnsupportedVersion);
}

TEST(Handshake, RefusesKeysThatAreNot16OctetsInBase64) {
  for (const std::string key :
       {"", "dGhlIHNhbXBsZSBub25jZQ", "dGhlIHNhbXBsZSBub25jZQ=", "SGVsbG8sIHdvcmxkIQ==",
        "dGhlIHNhbXBsZSBub25jZTE=", "dGhlIHNhbXBsZSBub25jZTEy", "dGhlIHNhbXBsZSBub25j-Q==",
        "dGhlIHNhbXBs ZSBub25jZQ=", "dGhlIHNhbXBsZSBub25jZQ===", "dGhlIHNhbXBsZSBub25=ZQ=="}) {
    EXPECT_EQ(error_of(with("Sec-WebSocket-Key", key)), HandshakeError::BadKey) << key;
  }
  EXPECT_EQ(error_of(without("Sec-WebSocket-Key")), HandshakeError::BadKey);
  EXPECT_EQ(error_of(doubled("Sec-WebSocket-Key", std::string(kKey))), HandshakeError::BadKey);
}

TEST(Handshake, AcceptsTheKeyThatTheRfcPrintsThoughItsLastBitsAreNotZero) {
  EXPECT_EQ(error_of(with("Sec-WebSocket-Key", "AQIDBAUGBwgJCgsMDQ4PEC==")), std::nullopt);
}

TEST(Handshake, SelectsTheSubprotocolThatTheServerPrefers) {
  const auto chosen = [](const std::string& offer) {
    return judge(with("Sec-WebSocket-Protocol", offer)).value().subprotocol;
  };
  EXPECT_EQ(chosen("carillon.json"), "carillon.json");
  EXPECT_EQ(chosen("carillon.cbor, carillon.json"), "carillon.json");
  EXPECT_EQ(chosen("mqtt ,\tcarillon.cbor"), "carillon.cbor");
  EXPECT_EQ(chosen("mqtt, soap"), std::nullopt);
  EXPECT_EQ(chosen("Carillon.JSON"), std::nullopt);
}

TEST(Handshake, ReadsSubprotocolsOverSeveralLines) {
  Fields fields = with("Sec-WebSocket-Protocol", "mqtt");
  fields.emplace_back("Sec-WebSocket-Protocol", "carillon.cbor");
  EXPECT_EQ(judge(fields)->subprotocol, "carillon.cbor");
  fields.emplace_back("Sec-WebSocket-Protocol", "mqtt");
  EXPECT_EQ(error_of(fields), HandshakeError::BadSubprotocols);
}

TEST(Handshake, RefusesSubprotocolsThatAreNoTokensOrComeTwice) {
  for (const std::string offer : {"", ",", "a b", "a/b", "\"a\"", "chat, chat", "ä", "a;q=1"}) {
    EXPECT_EQ(error_of(with("Sec-WebSocket-Protocol", offer)), HandshakeError::BadSubprotocols)
        << offer;
  }
}

TEST(Handshake, AgreesOnCompressionWhereItMayAndRefusesBadExtensions) {
  const Fields fields =
      with("Sec-WebSocket-Extensions", "permessage-deflate; client_max_window_bits");
  const auto accept = judge(fields);
  EXPECT_FALSE(accept->deflate);
  const auto compressed = judge(fields, "GET", true, DeflatePolicy{.window_bits = 12});
  ASSERT_TRUE(compressed->deflate);
  EXPECT_EQ(compressed->deflate->parameters.client_window_bits, 12);
  EXPECT_EQ(compressed->deflate->response,
            "permessage-deflate; server_no_context_takeover; client_no_context_takeover; "
            "client_max_window_bits=12");
  for (const std::string offer : {"", "a b", "a;", "a;b=\"", ";"}) {
    EXPECT_EQ(error_of(with("Sec-WebSocket-Extensions", offer)), HandshakeError::BadExtensions)
        << offer;
  }
}

TEST(Refusal, HasTheStatusAndFieldsOfTheRfc) {
  const auto field = [](HandshakeError error, Bytes name) -> Bytes {
    for (const Field& candidate : refusal_of(error).fields) {
      if (candidate.name == name) return candidate.value;
    }
    return {};
  };
  EXPECT_EQ(refusal_of(HandshakeError::MethodNotGet).status, 405);
  EXPECT_EQ(field(HandshakeError::MethodNotGet, "Allow"), "GET");
  for (const auto error : {HandshakeError::NotAnUpgrade, HandshakeError::UnsupportedVersion}) {
    EXPECT_EQ(refusal_of(error).status, 426);
    EXPECT_EQ(field(error, "Upgrade"), "websocket");
    EXPECT_EQ(field(error, "Connection"), "Upgrade");
    EXPECT_EQ(field(error, "Sec-WebSocket-Version"), "13");
  }
  std::set<Bytes> details;
  for (const auto error : {HandshakeError::HttpVersionTooOld, HandshakeError::BadKey,
                           HandshakeError::BadSubprotocols, HandshakeError::BadExtensions}) {
    EXPECT_EQ(refusal_of(error).status, 400);
    EXPECT_TRUE(refusal_of(error).fields.empty());
    details.insert(refusal_of(error).detail);
  }
  EXPECT_EQ(details.size(), 4U);
}

}  // namespace
}  // namespace carillon::websocket
