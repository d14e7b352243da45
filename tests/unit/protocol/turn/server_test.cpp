// Binding requests, and data between clients and peers.
#include "protocol/turn/server.hpp"

#include <chrono>
#include <string>

#include "protocol/turn/limits.hpp"
#include "tests/unit/protocol/turn/turn_script.hpp"

namespace carillon::turn {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using namespace testing;  // NOLINT: the script's words

class TurnServer : public TurnScript {
 protected:
  std::uint64_t drops(Drop why) const {
    return server_.probe().drops[static_cast<std::size_t>(why)];
  }
};

TEST_F(TurnServer, TellsAClientItsAddress) {
  stun::MessageWriter writer(Method::Binding, MessageClass::Request, next_id());
  writer.add_fingerprint();
  const auto answer = send(std::string(writer.octets()));
  expect_success(answer);
  const auto message = Message::parse(*answer).value();
  EXPECT_EQ(stun::read_xor_address(message.find(AttributeType::XorMappedAddress).value(),
                                   message.transaction_id()),
            path_.client);
  EXPECT_TRUE(message.has(AttributeType::Fingerprint));
}

TEST_F(TurnServer, NamesWhatItDoesNotKnow) {
  stun::MessageWriter writer(Method::Binding, MessageClass::Request, next_id());
  writer.add_u32(static_cast<AttributeType>(0x0003), 6);  // CHANGE-REQUEST
  const auto answer = send(std::string(writer.octets()));
  EXPECT_EQ(error_of(answer), 420);
  EXPECT_EQ(Message::parse(*answer)->find(AttributeType::UnknownAttributes), Bytes("\0\3", 2));
}

TEST_F(TurnServer, AnswersClientsWhereStrangersGetSilence) {
  const std::string binding =
      stun::MessageWriter(Method::Binding, MessageClass::Request, next_id()).take();
  around_.answers_strangers = false;
  EXPECT_EQ(send(binding), std::nullopt);
  allocate();
  expect_success(send(binding));
}

TEST_F(TurnServer, IgnoresWhatIsNoRequest) {
  for (const auto kind : {MessageClass::Success, MessageClass::Error, MessageClass::Indication}) {
    EXPECT_EQ(send(stun::MessageWriter(Method::Allocate, kind, next_id()).take()), std::nullopt);
  }
  EXPECT_EQ(send("garbage"), std::nullopt);
  EXPECT_EQ(send(""), std::nullopt);
  const auto unknown = static_cast<Method>(0x0AB);
  EXPECT_EQ(send(stun::MessageWriter(unknown, MessageClass::Request, next_id()).take()),
            std::nullopt);
  EXPECT_EQ(drops(Drop::Malformed), 2U);
}

TEST_F(TurnServer, RelaysOverAChannelBothWays) {
  allocate();
  expect_success(ask(Method::ChannelBind, channel(0x4000, v4(9, 900))));
  send_channel_data(0x4000, "ping");
  ASSERT_EQ(around_.sent.size(), 1U);
  EXPECT_EQ(around_.sent[0].peer, v4(9, 900));
  EXPECT_EQ(around_.sent[0].payload, "ping");
  receive(v4(9, 900), "pong");
  ASSERT_EQ(around_.data.size(), 1U);
  EXPECT_EQ(around_.data[0].first, path_);
  const auto data = read_channel_data(around_.data[0].second);
  EXPECT_EQ(data.value().channel, 0x4000);
  EXPECT_EQ(data.value().payload, "pong");
}

TEST_F(TurnServer, RelaysByIndicationsWithoutAChannel) {
  allocate();
  expect_success(ask(Method::CreatePermission, peers({v4(9, 0)})));
  send_indication(v4(9, 900), "ping");
  ASSERT_EQ(around_.sent.size(), 1U);
  EXPECT_EQ(around_.sent[0].payload, "ping");
  for (const std::string payload : {"", "p", "po", "pon", "pong"}) {
    around_.data.clear();
    receive(v4(9, 901), payload);
    ASSERT_EQ(around_.data.size(), 1U);
    const auto message = Message::parse(around_.data[0].second);
    ASSERT_TRUE(message) << payload;
    EXPECT_EQ(message->method(), Method::Data);
    EXPECT_EQ(message->find(AttributeType::Data), payload);
    EXPECT_EQ(stun::read_xor_address(message->find(AttributeType::XorPeerAddress).value(),
                                     message->transaction_id()),
              v4(9, 901));
  }
}

TEST_F(TurnServer, RelaysIpv6) {
  expect_success(ask(Method::Allocate, [](auto& writer) {
    add_udp(writer);
    writer.add_u32(AttributeType::RequestedAddressFamily, 2U << 24);
  }));
  EXPECT_EQ(error_of(ask(Method::CreatePermission, peers({v4(9, 0)}))), 443);
  expect_success(ask(Method::CreatePermission, peers({v6(9, 0)})));
  receive(v6(9, 900), "hello");
  ASSERT_EQ(around_.data.size(), 1U);
  EXPECT_EQ(Message::parse(around_.data[0].second)->find(AttributeType::Data), "hello");
}

TEST_F(TurnServer, KeepsDatagramsWholeOnRequest) {
  allocate();
  ask(Method::CreatePermission, peers({v4(9, 0)}));
  send_indication(v4(9, 900), "ping",
                  [](auto& writer) { writer.add(AttributeType::DontFragment, ""); });
  ASSERT_EQ(around_.sent.size(), 1U);
  EXPECT_EQ(around_.sent[0].fragmentation, Fragmentation::Forbidden);
}

TEST_F(TurnServer, RelaysNothingWithoutPermission) {
  allocate();
  send_indication(v4(9, 900), "ping");
  receive(v4(9, 900), "pong");
  send_channel_data(0x4000, "ping");
  EXPECT_TRUE(around_.sent.empty());
  EXPECT_TRUE(around_.data.empty());
  EXPECT_EQ(drops(Drop::NoPermission), 2U);
  EXPECT_EQ(drops(Drop::NoChannel), 1U);
}

TEST_F(TurnServer, RelaysNothingOfStrangers) {
  send_indication(v4(9, 900), "ping");
  send_channel_data(0x4000, "ping");
  EXPECT_TRUE(around_.sent.empty());
  EXPECT_EQ(drops(Drop::NoAllocation), 2U);
}

TEST_F(TurnServer, ForgetsPermissionsAndChannelsInTime) {
  allocate();
  ask(Method::ChannelBind, channel(0x4000, v4(9, 900)));
  now_ += minutes(5);
  send_channel_data(0x4000, "late");
  receive(v4(9, 900), "late");
  EXPECT_TRUE(around_.sent.empty());
  EXPECT_TRUE(around_.data.empty());
  expect_success(ask(Method::CreatePermission, peers({v4(9, 0)})));
  send_channel_data(0x4000, "in time");
  EXPECT_EQ(around_.sent.size(), 1U);
  now_ += minutes(4) + seconds(59);
  expect_success(ask(Method::CreatePermission, peers({v4(9, 0)})));
  now_ += seconds(1);
  send_channel_data(0x4000, "late");
  EXPECT_EQ(around_.sent.size(), 1U);
  EXPECT_EQ(drops(Drop::NoChannel), 1U);
}

TEST_F(TurnServer, BindsANumberToOnePeerAndAPeerToOneNumber) {
  allocate();
  expect_success(ask(Method::ChannelBind, channel(0x4000, v4(9, 900))));
  expect_success(ask(Method::ChannelBind, channel(0x4000, v4(9, 900))));
  EXPECT_EQ(error_of(ask(Method::ChannelBind, channel(0x4000, v4(9, 901)))), 400);
  EXPECT_EQ(error_of(ask(Method::ChannelBind, channel(0x4001, v4(9, 900)))), 400);
  expect_success(ask(Method::ChannelBind, channel(0x7FFE, v4(9, 901))));
  EXPECT_EQ(error_of(ask(Method::ChannelBind, channel(0x3FFF, v4(9, 902)))), 400);
  EXPECT_EQ(error_of(ask(Method::ChannelBind, channel(0x7FFF, v4(9, 902)))), 400);
  now_ += minutes(10);
  server_.on_time(now_ - seconds(1));
  expect_success(ask(Method::ChannelBind, channel(0x4000, v4(9, 901))));
}

TEST_F(TurnServer, ReachesNoDeniedPeer) {
  allocate();
  stun::TransportAddress denied = v4(9, 900);
  denied.ip[3] = 66;
  EXPECT_EQ(error_of(ask(Method::CreatePermission, peers({denied}))), 403);
  EXPECT_EQ(error_of(ask(Method::CreatePermission, peers({v4(9, 0), denied}))), 403);
  EXPECT_EQ(error_of(ask(Method::ChannelBind, channel(0x4000, denied))), 403);
  send_indication(v4(9, 900), "not even to the other one");
  EXPECT_TRUE(around_.sent.empty());
}

TEST_F(TurnServer, BoundsWhatOneAllocationHolds) {
  allocate();
  for (std::size_t i = 0; i < limits::kPermissions; ++i) {
    stun::TransportAddress peer = v4(1, 0);
    peer.ip[2] = static_cast<std::uint8_t>(i);
    expect_success(ask(Method::CreatePermission, peers({peer})));
  }
  EXPECT_EQ(error_of(ask(Method::CreatePermission, peers({v4(9, 0)}))), 508);
  EXPECT_EQ(error_of(ask(Method::ChannelBind, channel(0x4000, v4(9, 0)))), 508);
  now_ += minutes(5);
  expect_success(ask(Method::CreatePermission, peers({v4(9, 0)})));
}

TEST_F(TurnServer, RefusesMalformedRequests) {
  EXPECT_EQ(error_of(ask(Method::CreatePermission, peers({v4(9, 0)}))), 437);
  EXPECT_EQ(error_of(ask(Method::ChannelBind, channel(0x4000, v4(9, 0)))), 437);
  allocate();
  EXPECT_EQ(error_of(ask(Method::CreatePermission)), 400);
  EXPECT_EQ(error_of(ask(Method::CreatePermission,
                         [](auto& writer) { writer.add(AttributeType::XorPeerAddress, "x"); })),
            400);
  EXPECT_EQ(error_of(ask(Method::ChannelBind)), 400);
  EXPECT_EQ(error_of(ask(Method::Refresh,
                         [](auto& writer) { writer.add(AttributeType::Lifetime, "x"); })),
            400);
}

}  // namespace
}  // namespace carillon::turn
