#include "transport/turn/peer_rules.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "transport/turn/address.hpp"

namespace carillon::transport {
namespace {

stun::TransportAddress peer(const std::string& text, std::uint16_t port = 0) {
  auto address = to_transport_address(access::IpAddress::parse(text).value());
  address.port = port;
  return address;
}

/// `::ffff:` in front, as an address of IPv6.
stun::TransportAddress disguised(const std::string& text) {
  stun::TransportAddress address;
  address.family = stun::Family::Ipv6;
  const auto octets = access::IpAddress::parse(text)->octets();
  std::ranges::copy(octets, address.ip.begin());
  return address;
}

class TurnPeerRules : public ::testing::Test {
 protected:
  PeerRules rules(std::vector<access::Cidr> allowed = {}) {
    PeerRules made(std::move(allowed), {*access::IpAddress::parse("198.51.100.7")},
                   {.v4 = ports_v4_, .v6 = ports_v6_});
    made.set_own(
        {*access::IpAddress::parse("203.0.113.5"), *access::IpAddress::parse("203.0.113.6")});
    return made;
  }
  RelayPorts ports_v4_;
  RelayPorts ports_v6_;
};

TEST_F(TurnPeerRules, LetDataOutToTheWorldAlone) {
  const PeerRules closed = rules();
  for (const char* text : {"8.8.8.8", "172.32.0.1", "192.169.0.1", "2a00::1", "2600:1::2"}) {
    EXPECT_TRUE(closed.allows(peer(text))) << text;
  }
  for (const char* text : {"0.0.0.0",
                           "0.1.2.3",
                           "10.0.0.1",
                           "100.64.0.1",
                           "127.0.0.1",
                           "127.255.0.1",
                           "169.254.169.254",
                           "172.16.0.1",
                           "172.31.255.255",
                           "192.168.1.1",
                           "224.0.0.1",
                           "239.255.255.255",
                           "255.255.255.255",
                           "::",
                           "::1",
                           "::127.0.0.1",
                           "fe80::1",
                           "fec0::1",
                           "fc00::1",
                           "fd12::1",
                           "ff02::1",
                           "64:ff9b::7f00:1",
                           "2002:7f00:1::",
                           "2001::1"}) {
    EXPECT_FALSE(closed.allows(peer(text))) << text;
  }
  EXPECT_FALSE(closed.allows(disguised("8.8.8.8")));
  EXPECT_FALSE(closed.allows(disguised("127.0.0.1")));
}

TEST_F(TurnPeerRules, OpenWhatIsConfiguredAndNoMore) {
  const PeerRules open =
      rules({*access::Cidr::parse("127.0.0.0/8"), *access::Cidr::parse("fd00::/8"),
             *access::Cidr::parse("224.0.0.0/4")});
  EXPECT_TRUE(open.allows(peer("127.0.0.1", 22)));
  EXPECT_TRUE(open.allows(peer("fd12::1")));
  EXPECT_FALSE(open.allows(peer("fc00::1")));
  EXPECT_FALSE(open.allows(peer("10.0.0.1")));
  EXPECT_FALSE(open.allows(peer("224.0.0.1")));
  EXPECT_FALSE(open.allows(disguised("127.0.0.1")));
}

TEST_F(TurnPeerRules, ReachNothingOnThisMachineButRelays) {
  const PeerRules closed = rules();
  EXPECT_TRUE(closed.allows(peer("203.0.113.5")));  // a permission is for every port
  EXPECT_FALSE(closed.allows(peer("203.0.113.5", 50'000)));
  ports_v4_.take(50'000, peer("203.0.113.5").ip);
  EXPECT_TRUE(closed.allows(peer("203.0.113.5", 50'000)));
  EXPECT_FALSE(closed.allows(peer("203.0.113.5", 50'001)));
  EXPECT_FALSE(closed.allows(peer("203.0.113.5", 22)));
  // Another service may have that port at another address of this machine.
  EXPECT_FALSE(closed.allows(peer("203.0.113.6", 50'000)));
  // Outside, all relays are known by one address.
  EXPECT_TRUE(closed.allows(peer("198.51.100.7", 50'000)));
  EXPECT_FALSE(closed.allows(peer("198.51.100.7", 50'001)));
}

TEST_F(TurnPeerRules, FollowWhatIsOwn) {
  PeerRules closed = rules();
  EXPECT_TRUE(closed.allows(peer("8.8.8.8", 22)));
  closed.set_own({*access::IpAddress::parse("8.8.8.8")});
  EXPECT_FALSE(closed.allows(peer("8.8.8.8", 22)));
  EXPECT_TRUE(closed.allows(peer("203.0.113.5", 22)));
}

TEST(TurnRelayPorts, AreGivenOnce) {
  RelayPorts ports;
  const net::IpBytes here{127, 0, 0, 1};
  const net::IpBytes there{127, 0, 0, 2};
  EXPECT_TRUE(ports.take(65'535, here));
  EXPECT_FALSE(ports.take(65'535, here));
  EXPECT_FALSE(ports.take(65'535, there));
  EXPECT_TRUE(ports.has(65'535));
  EXPECT_TRUE(ports.has(65'535, here));
  EXPECT_FALSE(ports.has(65'535, there));
  EXPECT_TRUE(ports.take(0, here));
  ports.give_back(65'535);
  EXPECT_FALSE(ports.has(65'535));
  EXPECT_FALSE(ports.has(65'535, here));
  EXPECT_TRUE(ports.take(65'535, there));
}

}  // namespace
}  // namespace carillon::transport
