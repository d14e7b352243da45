#include "transport/turn/shared.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <set>

#include "transport/turn/address.hpp"

namespace carillon::transport {
namespace {

using std::chrono::seconds;

constexpr TimePoint kStart{std::chrono::hours(1)};

stun::TransportAddress client(const char* text) {
  return to_transport_address(access::IpAddress::parse(text).value());
}

net::DatagramAddress loopback() {
  return to_datagram_address(client("127.0.0.1"));
}

TEST(TurnQuotas, CountByUserByAddressAndInAll) {
  TurnShared shared({.allocations = 4, .user_allocations = 2, .address_allocations = 3});
  const auto here = client("192.0.2.1");
  EXPECT_TRUE(shared.admit("alice", here));
  EXPECT_TRUE(shared.admit("alice", client("192.0.2.2")));
  EXPECT_FALSE(shared.admit("alice", client("192.0.2.3")));  // the user's third
  EXPECT_TRUE(shared.admit("bob", here));
  EXPECT_TRUE(shared.admit("carol", here));
  EXPECT_FALSE(shared.admit("dave", client("192.0.2.4")));  // the fifth of all
  shared.release("alice", client("192.0.2.2"));
  EXPECT_FALSE(shared.admit("dave", here));  // the address's fourth
  EXPECT_TRUE(shared.admit("dave", client("192.0.2.4")));
}

TEST(TurnQuotas, CountAnIpv6HostByItsNetwork) {
  TurnShared shared({.address_allocations = 1});
  EXPECT_TRUE(shared.admit("alice", client("2001:db8::1")));
  EXPECT_FALSE(shared.admit("bob", client("2001:db8::ffff:2")));
  EXPECT_TRUE(shared.admit("bob", client("2001:db8:0:1::1")));
}

TEST(TurnAnswers, AreBoundedBySourceAndInAll) {
  TurnShared shared({.source_answers = {.per_second = 2, .burst = 4},
                     .stranger_answers = {.per_second = 5, .burst = 10}});
  const auto answers_to = [&](const char* text, TimePoint now) {
    int count = 0;
    for (int i = 0; i < 100; ++i) count += shared.may_answer(client(text), now) ? 1 : 0;
    return count;
  };
  EXPECT_EQ(answers_to("192.0.2.1", kStart), 4);
  EXPECT_EQ(answers_to("2001:db8::1", kStart), 4);
  EXPECT_EQ(answers_to("2001:db8::2", kStart), 0);  // the same /64
  EXPECT_EQ(answers_to("192.0.2.2", kStart), 2);    // ten in all
  EXPECT_EQ(answers_to("192.0.2.1", kStart + seconds(1)), 2);
}

TEST(TurnPorts, LieInTheirRangeUntilThatIsFull) {
  TurnShared shared({.relay_ports = {.first = 40'000, .last = 40'007}});
  std::set<std::uint16_t> ports;
  std::vector<BoundRelay> relays;
  while (auto opened = shared.open(loopback(), {}, kStart)) {
    ports.insert(opened->relay.address.port);
    relays.push_back(std::move(opened->relay));
  }
  ASSERT_GT(relays.size(), 0U);  // another program may have one of them
  EXPECT_EQ(ports.size(), relays.size());
  EXPECT_GE(*ports.begin(), 40'000);
  EXPECT_LE(*ports.rbegin(), 40'007);
  shared.close(std::move(relays.back()));
  EXPECT_TRUE(shared.open(loopback(), {}, kStart));
}

TEST(TurnPorts, AreReservedInPairs) {
  TurnShared shared({});
  const auto opened = shared.open(loopback(), {.even_port = true, .reserve_next = true}, kStart);
  ASSERT_TRUE(opened);
  EXPECT_EQ(opened->relay.address.port % 2, 0);
  ASSERT_TRUE(opened->next);
  const auto next = shared.open({}, {.reserved = opened->next}, kStart + seconds(29));
  ASSERT_TRUE(next);
  EXPECT_EQ(next->relay.address.port, opened->relay.address.port + 1);
  EXPECT_FALSE(shared.open({}, {.reserved = opened->next}, kStart));  // it counts once
}

TEST(TurnPorts, AreReservedForThirtySeconds) {
  TurnShared shared({});
  const auto opened = shared.open(loopback(), {.even_port = true, .reserve_next = true}, kStart);
  ASSERT_TRUE(opened);
  EXPECT_FALSE(shared.open({}, {.reserved = opened->next}, kStart + seconds(30)));
  auto address = client("127.0.0.1");
  address.port = static_cast<std::uint16_t>(opened->relay.address.port + 1);
  const PeerRules rules = shared.peer_rules();
  EXPECT_TRUE(rules.is_relay(address));
  shared.drop_expired_reservations(kStart + seconds(30));
  EXPECT_FALSE(rules.is_relay(address));
}

}  // namespace
}  // namespace carillon::transport
