#include "protocol/engineio/packet.hpp"

#include <gtest/gtest.h>

#include <string>

namespace carillon::engineio {
namespace {

TEST(EngineioPacket, IsADigitAndWhatItHolds) {
  const std::string digits = "0123456";
  for (std::size_t i = 0; i < digits.size(); ++i) {
    std::string octets;
    const std::string text = digits.substr(i, 1) + "data";
    const auto packet = parse_packet(text, octets);
    ASSERT_TRUE(packet) << text;
    EXPECT_EQ(packet->type, static_cast<PacketType>(i));
    EXPECT_EQ(packet->kind, DataKind::Text);
    EXPECT_EQ(packet->data, "data");
    std::string again;
    append_packet(again, *packet);
    EXPECT_EQ(again, text);
  }
}

TEST(EngineioPacket, MayHoldNothing) {
  std::string octets;
  EXPECT_EQ(parse_packet("2", octets), (Packet{.type = PacketType::Ping}));
  EXPECT_EQ(parse_packet("4", octets), (Packet{.type = PacketType::Message}));
}

TEST(EngineioPacket, WritesBinaryMessagesInBase64) {
  const Packet packet{.kind = DataKind::Binary, .data = Bytes("\x01\x02\x03\x04")};
  std::string text;
  append_packet(text, packet);
  EXPECT_EQ(text, "bAQIDBA==");
  std::string octets;
  EXPECT_EQ(parse_packet(text, octets), packet);
  EXPECT_EQ(parse_packet("b", octets), (Packet{.kind = DataKind::Binary}));
}

TEST(EngineioPacket, NamesTheTypeOfBinaryMessagesInVersion3) {
  const Packet packet{.kind = DataKind::Binary, .data = Bytes("\x01\x02\x03\x04")};
  std::string text;
  append_packet(text, packet, Version::V3);
  EXPECT_EQ(text, "b4AQIDBA==");
  std::string octets;
  EXPECT_EQ(parse_packet(text, octets, Version::V3), packet);
  EXPECT_FALSE(parse_packet("bAQIDBA==", octets, Version::V3));
  EXPECT_FALSE(parse_packet("b", octets, Version::V3));
  for (const Version version : {Version::V3, Version::V4}) {
    std::string message;
    append_binary_packet(message, packet.data, version);
    EXPECT_EQ(message.size(), version == Version::V3 ? 5U : 4U);
    EXPECT_EQ(parse_binary_packet(message, version), packet);
  }
  EXPECT_FALSE(parse_binary_packet("", Version::V3));
  EXPECT_FALSE(parse_binary_packet("\x02probe", Version::V3));
}

TEST(EngineioPacket, IsNothingElse) {
  std::string octets;
  for (const Bytes text : {Bytes(""), Bytes("7"), Bytes("/"), Bytes("abc"), Bytes("b="),
                           Bytes("bAQIDBA"), Bytes("b\xff"), Bytes("\x1e")}) {
    EXPECT_FALSE(parse_packet(text, octets)) << text;
  }
}

}  // namespace
}  // namespace carillon::engineio
