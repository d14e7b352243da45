#include "transport/http_api/ice_servers.hpp"

#include <gtest/gtest.h>

namespace carillon::transport {
namespace {

constexpr RelayDoor kPlain{.port = 3478, .kind = RelayDoor::Kind::UdpAndTcp};
constexpr RelayDoor kTls{.port = 5349, .kind = RelayDoor::Kind::Tls};
constexpr Timestamp kNow{1'700'000'000'500'000};
constexpr Timestamp kExpiry{1'700'003'600'400'000};

std::string configuration(const RtcSettings& settings, const RelayDoors& doors, Bytes authority) {
  return ice_configuration(settings, doors,
                           {.name = "ann", .authority = authority, .now = kNow, .expiry = kExpiry});
}

/// One server's, of whose URLs there are some.
bool names(const std::string& json, Bytes url) {
  return json.find("\"" + std::string(url) + "\"") != std::string::npos;
}

TEST(IceServers, NameTheRelayWithACredentialUntilTheExpiry) {
  // By `printf 1700003600:ann | openssl dgst -sha1 -hmac secret -binary | base64`.
  EXPECT_EQ(configuration({.secret = "secret"}, {kPlain}, "a.b:8000"),
            R"({"iceServers":[{"urls":["stun:a.b:3478"]},)"
            R"({"urls":["turn:a.b:3478?transport=udp","turn:a.b:3478?transport=tcp"],)"
            R"("username":"1700003600:ann","credential":"Xr7ev1LGCuEWxIUsfPHLdprP82w="}],)"
            R"("iceTransportPolicy":"all","ttl_s":3600})");
}

TEST(IceServers, AreNoneWhereNothingIsConfigured) {
  EXPECT_EQ(configuration({}, {}, "a.b"),
            R"({"iceServers":[],"iceTransportPolicy":"all","ttl_s":3600})");
}

TEST(IceServers, LeaveTheRelayOutWhereThereIsNoSecret) {
  EXPECT_EQ(
      configuration({}, {kPlain}, "a.b"),
      R"({"iceServers":[{"urls":["stun:a.b:3478"]}],"iceTransportPolicy":"all","ttl_s":3600})");
}

TEST(IceServers, AreAtTheOuterAddressesButByTlsAtTheNameOfTheCertificate) {
  const RtcSettings settings{.outer_ips = {"203.0.113.7", "2001:db8::7"}, .secret = "secret"};
  const std::string json = configuration(settings, {kPlain, kTls}, "a.b");
  EXPECT_TRUE(names(json, "turn:203.0.113.7:3478?transport=udp"));
  EXPECT_TRUE(names(json, "turn:[2001:db8::7]:3478?transport=tcp"));
  EXPECT_TRUE(names(json, "turns:a.b:5349?transport=tcp"));
  EXPECT_FALSE(names(json, "stun:a.b:3478"));
  const std::string by_ip = configuration(settings, {kTls}, "[::1]:80");
  EXPECT_TRUE(names(by_ip, "turns:203.0.113.7:5349?transport=tcp"));
}

TEST(IceServers, AreAtTheHostOfTheSettingsBeforeAnyOther) {
  const RtcSettings settings{
      .host = "turn.example.com", .outer_ips = {"203.0.113.7"}, .secret = "secret"};
  const std::string json = configuration(settings, {kPlain, kTls}, "a.b");
  EXPECT_TRUE(names(json, "stun:turn.example.com:3478"));
  EXPECT_TRUE(names(json, "turns:turn.example.com:5349?transport=tcp"));
  EXPECT_EQ(json.find("a.b"), std::string::npos);
  EXPECT_TRUE(
      names(configuration({.host = "2001:db8::7"}, {kPlain}, ""), "stun:[2001:db8::7]:3478"));
}

TEST(IceServers, OfAClientThatNamesNoHostAreNone) {
  EXPECT_EQ(configuration({.secret = "secret"}, {kPlain}, ""),
            R"({"iceServers":[],"iceTransportPolicy":"all","ttl_s":3600})");
}

TEST(IceServers, ElsewhereStandInThePlaceOfOurs) {
  const RtcSettings elsewhere{.turn_urls = {"turn:x.y"}, .secret = "secret", .relay_only = true};
  const std::string json = configuration(elsewhere, {kPlain}, "a.b");
  EXPECT_TRUE(names(json, "turn:x.y"));
  EXPECT_TRUE(names(json, "relay"));
  EXPECT_EQ(json.find("a.b"), std::string::npos);
  const std::string both = configuration({.stun_urls = {"stun:x.y"}}, {kPlain}, "a.b");
  EXPECT_TRUE(names(both, "stun:x.y"));
  EXPECT_FALSE(names(both, "stun:a.b:3478"));
}

TEST(IceServers, QuoteWhatANameHas) {
  const std::string json =
      ice_configuration({.secret = "secret"}, {kPlain},
                        {.name = "a\"b", .authority = "a.b", .now = kNow, .expiry = kNow});
  EXPECT_NE(json.find(R"("username":"1700000000:a\"b")"), std::string::npos);
  EXPECT_NE(json.find(R"("ttl_s":0)"), std::string::npos);
}

TEST(RelayDoors, AreTheSameAtAnyAddress) {
  RelayDoors doors;
  for (const RelayDoor& door : {kPlain, kTls, kPlain}) add_door(doors, door);
  EXPECT_EQ(doors, (RelayDoors{kPlain, kTls}));
}

}  // namespace
}  // namespace carillon::transport
