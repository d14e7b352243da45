#include "net/address.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>

#include <cstring>

namespace carillon::net {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::vector<std::string> texts(Bytes text) {
  std::vector<std::string> result;
  const auto addresses = resolve(text);
  if (!addresses) return {addresses.error()};
  for (const Address& address : *addresses) result.push_back(address.to_text());
  return result;
}

PeerAddress peer_from(const Address& address) {
  sockaddr_storage storage{};
  const socklen_t size = address.to_socket(storage);
  return PeerAddress::from(reinterpret_cast<const sockaddr*>(&storage), size);
}

TEST(AddressTest, TextIsReadAndWrittenAlike) {
  EXPECT_THAT(texts("127.0.0.1:8000"), ElementsAre("127.0.0.1:8000"));
  EXPECT_THAT(texts("[::1]:8000"), ElementsAre("[::1]:8000"));
  EXPECT_THAT(texts("[2001:db8::1]:1"), ElementsAre("[2001:db8::1]:1"));
  EXPECT_THAT(texts("0.0.0.0:0"), ElementsAre("0.0.0.0:0"));
  EXPECT_THAT(texts("unix:/run/x.sock"), ElementsAre("unix:/run/x.sock"));
}

TEST(AddressTest, AnEmptyHostOrAStarIsAnyAddressOfBothFamilies) {
  EXPECT_THAT(texts(":8000"), ElementsAre("0.0.0.0:8000", "[::]:8000"));
  EXPECT_THAT(texts("*:65535"), ElementsAre("0.0.0.0:65535", "[::]:65535"));
}

TEST(AddressTest, ANameIsResolved) {
  const auto addresses = resolve("localhost:80");
  ASSERT_TRUE(addresses);
  for (const Address& address : *addresses) EXPECT_TRUE(address.is_loopback());
}

TEST(AddressTest, WhatIsNoAddressIsNamedWithAHint) {
  for (const char* text :
       {"", "8000", "localhost", "127.0.0.1:", "127.0.0.1:x", "127.0.0.1:-1", "127.0.0.1:65536",
        "127.0.0.1:80 ", "::1:8000", "[]:80", "[::1:80", "unix:", "a.invalid.:80"}) {
    const auto addresses = resolve(text);
    ASSERT_FALSE(addresses) << text;
    EXPECT_THAT(addresses.error(), HasSubstr(std::string("'") + text + "'"));
  }
}

TEST(AddressTest, AUnixPathThatTheKernelCannotHoldIsRefused) {
  EXPECT_TRUE(resolve("unix:/" + std::string(106, 'a')));
  EXPECT_FALSE(resolve("unix:/" + std::string(107, 'a')));
  EXPECT_FALSE(resolve(Bytes("unix:/a\0b", 9)));
}

TEST(AddressTest, LoopbackIsAllOf127AndOneOfIpv6) {
  const auto loopback = [](Bytes text) { return resolve(text).value().front().is_loopback(); };
  EXPECT_TRUE(loopback("127.0.0.1:1"));
  EXPECT_TRUE(loopback("127.255.0.9:1"));
  EXPECT_TRUE(loopback("[::1]:1"));
  EXPECT_TRUE(loopback("[::ffff:127.0.0.1]:1"));
  EXPECT_FALSE(loopback("128.0.0.1:1"));
  EXPECT_FALSE(loopback("[::2]:1"));
  EXPECT_FALSE(loopback("0.0.0.0:1"));
  EXPECT_FALSE(loopback("unix:/x"));
  EXPECT_TRUE(resolve("unix:/x").value().front().is_local());
  EXPECT_FALSE(resolve("10.0.0.1:1").value().front().is_local());
}

TEST(PeerAddressTest, IsSmallAndPrintsItself) {
  EXPECT_LE(sizeof(PeerAddress), 20U);
  EXPECT_EQ(peer_from(resolve("192.0.2.1:4711").value().front()).to_text(), "192.0.2.1:4711");
  EXPECT_EQ(peer_from(resolve("[2001:db8::1]:4711").value().front()).ip_text(), "2001:db8::1");
  EXPECT_EQ(peer_from(resolve("unix:/x").value().front()).to_text(), "unix");
  EXPECT_TRUE(peer_from(resolve("unix:/x").value().front()).is_local());
  EXPECT_EQ(PeerAddress().to_text(), "unknown");
  EXPECT_FALSE(PeerAddress().is_local());
}

TEST(PeerAddressTest, WhoeverIsRelayedIsNotLocal) {
  const auto client = PeerAddress::relayed(Family::Ipv4, {127, 0, 0, 1}, 4711);
  EXPECT_EQ(client.to_text(), "127.0.0.1:4711");
  EXPECT_TRUE(client.is_relayed());
  EXPECT_FALSE(client.is_local());
  const IpBytes mapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 192, 0, 2, 1};
  EXPECT_EQ(PeerAddress::relayed(Family::Ipv6, mapped, 1).to_text(), "192.0.2.1:1");
  EXPECT_EQ(PeerAddress::relayed(Family::None, {}, 0).to_text(), "unknown");
}

TEST(PeerAddressTest, AMappedAddressIsShownAsIpv4) {
  sockaddr_in6 address{};
  address.sin6_family = AF_INET6;
  address.sin6_port = htons(80);
  const unsigned char mapped[16] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 127, 0, 0, 1};
  std::memcpy(&address.sin6_addr, mapped, sizeof mapped);
  const auto peer = PeerAddress::from(reinterpret_cast<const sockaddr*>(&address), sizeof address);
  EXPECT_EQ(peer.to_text(), "127.0.0.1:80");
  EXPECT_EQ(peer.family(), Family::Ipv4);
  EXPECT_TRUE(peer.is_loopback());
}

}  // namespace
}  // namespace carillon::net
