#include "protocol/stun/message.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <string>

#include "protocol/stun/address_coding.hpp"
#include "protocol/stun/integrity.hpp"
#include "protocol/stun/message_writer.hpp"
#include "tests/vectors/read_vectors.hpp"

namespace carillon::stun {
namespace {

constexpr Bytes kId("abcdefghijkl", 12);

std::string sample() {
  MessageWriter writer(Method::Allocate, MessageClass::Request, kId);
  writer.add(AttributeType::Username, "alice");
  writer.add_u32(AttributeType::Lifetime, 600);
  writer.add_integrity("key");
  writer.add_fingerprint();
  return std::move(writer).take();
}

TEST(StunMessage, FitsTheVectorsOfRfc5769) {
  for (const auto& vector : testing::read_vectors("stun", "messages")) {
    SCOPED_TRACE(vector.at("name").get<std::string>());
    const std::string octets = testing::octets_of(vector);
    const auto message = Message::parse(octets);
    ASSERT_TRUE(message);
    const auto username = vector.at("username").get<std::string>();
    const auto password = vector.at("password").get<std::string>();
    const auto realm = vector.value("realm", "");
    const std::string key =
        realm.empty() ? password
                      : long_term_key(PasswordAlgorithm::Md5,
                                      {.username = username, .realm = realm, .password = password});
    EXPECT_TRUE(has_right_integrity(*message, key));
    EXPECT_FALSE(has_right_integrity(*message, key + "x"));
    EXPECT_EQ(message->has(AttributeType::Fingerprint), vector.at("fingerprint").get<bool>());
    if (message->message_class() == MessageClass::Request) {
      EXPECT_EQ(message->find(AttributeType::Username), username);
    }
    if (!realm.empty()) {
      EXPECT_EQ(message->find(AttributeType::Nonce), vector.at("nonce").get<std::string>());
    }
    if (!vector.contains("ip")) continue;
    const auto value = message->find(AttributeType::XorMappedAddress);
    const auto address = read_xor_address(value.value(), message->transaction_id());
    ASSERT_TRUE(address);
    EXPECT_EQ(address->ip_octets(), testing::from_hex(vector.at("ip").get<std::string>()));
    EXPECT_EQ(address->port, vector.at("port").get<int>());
  }
}

TEST(StunMessage, ReadsWhatIsWritten) {
  const std::string octets = sample();
  const auto message = Message::parse(octets);
  ASSERT_TRUE(message);
  EXPECT_EQ(message->method(), Method::Allocate);
  EXPECT_EQ(message->message_class(), MessageClass::Request);
  EXPECT_EQ(message->transaction_id(), kId);
  EXPECT_EQ(message->find(AttributeType::Username), "alice");
  EXPECT_FALSE(message->find(AttributeType::Realm));
  EXPECT_TRUE(has_right_integrity(*message, "key"));
}

TEST(StunMessage, KnowsEveryMethodAndClass) {
  for (const auto method : {Method::Binding, Method::Allocate, Method::Refresh, Method::Send,
                            Method::Data, Method::CreatePermission, Method::ChannelBind}) {
    for (const auto kind : {MessageClass::Request, MessageClass::Indication, MessageClass::Success,
                            MessageClass::Error}) {
      const std::string octets = MessageWriter(method, kind, kId).take();
      const auto message = Message::parse(octets);
      ASSERT_TRUE(message);
      EXPECT_EQ(message->method(), method);
      EXPECT_EQ(message->message_class(), kind);
    }
  }
}

TEST(StunMessage, IsNoneWhenCutAnywhere) {
  const std::string octets = sample();
  for (std::size_t size = 0; size < octets.size(); ++size) {
    EXPECT_FALSE(Message::parse(Bytes(octets).substr(0, size))) << size;
  }
}

TEST(StunMessage, IsNoneWhenAnyOctetIsFlipped) {
  const std::string octets = sample();
  const std::size_t fingerprint_at = octets.size() - 8;
  for (std::size_t at = 0; at < octets.size(); ++at) {
    if (at == fingerprint_at || at == fingerprint_at + 1) continue;  // then it is none
    std::string flipped = octets;
    flipped[at] ^= 1;
    EXPECT_FALSE(Message::parse(flipped)) << at;
  }
}

TEST(StunMessage, TellsWhatIsWrong) {
  const auto error_of = [](std::string octets) { return Message::parse(octets).error(); };
  EXPECT_EQ(error_of("short"), ParseError::TooShort);
  EXPECT_EQ(error_of(std::string(20, '\0')), ParseError::NotStun);
  EXPECT_EQ(error_of(sample() + "1234"), ParseError::LengthMismatch);

  MessageWriter cut(Method::Binding, MessageClass::Request, kId);
  cut.add_u32(AttributeType::Lifetime, 1);
  std::string octets = std::move(cut).take();
  octets[23] = 5;  // the attribute's length
  EXPECT_EQ(error_of(octets), ParseError::AttributeCut);

  MessageWriter many(Method::Binding, MessageClass::Request, kId);
  for (int i = 0; i < 65; ++i) many.add(AttributeType::Software, "x");
  EXPECT_EQ(error_of(std::string(many.octets())), ParseError::TooManyAttributes);

  MessageWriter early(Method::Binding, MessageClass::Request, kId);
  early.add_fingerprint();
  early.add(AttributeType::Software, "behind");
  EXPECT_EQ(error_of(std::string(early.octets())), ParseError::WrongFingerprint);
}

TEST(StunMessage, ForgetsWhatStandsBehindTheIntegrity) {
  MessageWriter writer(Method::Allocate, MessageClass::Request, kId);
  writer.add(AttributeType::Username, "alice");
  writer.add_integrity("key");
  writer.add(AttributeType::Realm, "forged");
  writer.add_integrity_sha256("key");
  writer.add(AttributeType::Nonce, "forged");
  writer.add_fingerprint();
  const auto message = Message::parse(writer.octets());
  ASSERT_TRUE(message);
  EXPECT_FALSE(message->has(AttributeType::Realm));
  EXPECT_FALSE(message->has(AttributeType::Nonce));
  EXPECT_TRUE(message->has(AttributeType::MessageIntegritySha256));
  EXPECT_TRUE(message->has(AttributeType::Fingerprint));
}

TEST(StunMessage, ListsWhatItMustKnowAndDoesNot) {
  MessageWriter writer(Method::Binding, MessageClass::Request, kId);
  writer.add(static_cast<AttributeType>(0x7777), "");
  writer.add(static_cast<AttributeType>(0x0003), "");
  writer.add(static_cast<AttributeType>(0x7777), "again");
  writer.add(static_cast<AttributeType>(0xC057), "may be ignored");
  writer.add(AttributeType::Username, "known");
  const auto message = Message::parse(writer.octets());
  ASSERT_TRUE(message);
  const std::array known = {AttributeType::Username};
  EXPECT_THAT(unknown_attributes(*message, known), ::testing::ElementsAre(0x7777, 0x0003));
}

TEST(StunMessage, ChecksTheStrongerIntegrityAlone) {
  MessageWriter writer(Method::Allocate, MessageClass::Request, kId);
  writer.add_integrity("wrong");
  writer.add_integrity_sha256("key");
  const auto message = Message::parse(writer.octets());
  ASSERT_TRUE(message);
  EXPECT_TRUE(has_right_integrity(*message, "key"));
  EXPECT_FALSE(has_right_integrity(*message, "wrong"));
}

TEST(StunMessage, TakesACutSha256) {
  for (const std::size_t size : {12U, 16U, 18U, 20U, 32U}) {
    MessageWriter writer(Method::Allocate, MessageClass::Request, kId);
    const std::string value =
        integrity_sha256(writer.octets(), writer.octets().size(), "key", size);
    writer.add(AttributeType::MessageIntegritySha256, value);
    const auto message = Message::parse(writer.octets());
    ASSERT_TRUE(message);
    EXPECT_EQ(has_right_integrity(*message, "key"), size >= 16 && size % 4 == 0) << size;
  }
}

TEST(StunAddress, RefusesOtherSizesAndFamilies) {
  EXPECT_FALSE(read_xor_address("", kId));
  EXPECT_FALSE(read_xor_address(Bytes("\0\1\0\0\0\0\0", 7), kId));
  EXPECT_TRUE(read_xor_address(Bytes("\0\1\0\0\0\0\0\0", 8), kId));
  EXPECT_FALSE(read_xor_address(Bytes("\0\2\0\0\0\0\0\0", 8), kId));
  EXPECT_FALSE(read_xor_address(Bytes("\0\3\0\0\0\0\0\0", 8), kId));
}

}  // namespace
}  // namespace carillon::stun
