#include "protocol/socketio/decoder.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace carillon::socketio {
namespace {

/// Feeds a text and its attachments from copies, so that a sanitizer sees a read behind an end.
Packet decode(const std::string& text, const std::vector<std::string>& attachments = {}) {
  Decoder decoder;
  auto packet = decoder.on_text(std::string(text));
  for (const std::string& each : attachments) {
    EXPECT_TRUE(packet && !*packet) << text;
    packet = decoder.on_binary(std::string(each));
  }
  EXPECT_TRUE(packet && *packet) << text;
  return packet && *packet ? std::move(**packet) : Packet();
}

std::vector<std::string> texts(const Packet& packet) {
  std::vector<std::string> found;
  for (std::size_t i = 0; i < packet.elements.size(); ++i) {
    found.emplace_back(packet.element(i).raw);
  }
  return found;
}

using Texts = std::vector<std::string>;

TEST(SocketioDecoder, ReadsConnect) {
  for (const auto* const text : {"0", "0/,", "0/"}) {
    const Packet packet = decode(text);
    EXPECT_EQ(packet.type, PacketType::Connect);
    EXPECT_EQ(packet.name_space, "/");
    EXPECT_EQ(packet.data, "");
  }
  EXPECT_EQ(decode("0{\"token\":\"1,2\"}").data, "{\"token\":\"1,2\"}");
  EXPECT_EQ(decode("0/admin,{}").name_space, "/admin");
  EXPECT_EQ(decode("0/admin,{}").data, "{}");
  EXPECT_EQ(decode("0/admin").name_space, "/admin");
  EXPECT_EQ(decode("0/räume?a=b,").name_space, "/räume?a=b");
}

TEST(SocketioDecoder, ReadsDisconnectAndConnectError) {
  EXPECT_EQ(decode("1").type, PacketType::Disconnect);
  EXPECT_EQ(decode("1/admin,").name_space, "/admin");
  EXPECT_EQ(decode("4{\"message\":\"no\"}").type, PacketType::ConnectError);
  EXPECT_EQ(decode("4/a,\"no\"").data, "\"no\"");
}

TEST(SocketioDecoder, ReadsEvents) {
  const Packet plain = decode(R"(2["hi",1, {"b":[2],"a":"ü"} ,null])");
  EXPECT_EQ(plain.type, PacketType::Event);
  EXPECT_EQ(plain.event(), "hi");
  EXPECT_FALSE(plain.id);
  EXPECT_EQ(texts(plain), (Texts{R"("hi")", "1", R"({"b":[2],"a":"ü"})", "null"}));

  const Packet asked = decode(R"(2/a,456["\u0068i"])");
  EXPECT_EQ(asked.name_space, "/a");
  EXPECT_EQ(asked.id, 456U);
  EXPECT_EQ(asked.event(), "hi");
  EXPECT_EQ(decode("2[7]").event(), "7");
  EXPECT_EQ(decode("20[\"x\"]").id, 0U);
  EXPECT_EQ(decode("29007199254740991[\"x\"]").id, kMaxId);
}

TEST(SocketioDecoder, ReadsAcknowledgements) {
  const Packet packet = decode("312[]");
  EXPECT_EQ(packet.type, PacketType::Ack);
  EXPECT_EQ(packet.id, 12U);
  EXPECT_TRUE(packet.elements.empty());
  EXPECT_EQ(texts(decode("3/a,0[\"b\",[]]")), (Texts{"\"b\"", "[]"}));
}

TEST(SocketioDecoder, WaitsForAttachments) {
  const Packet event =
      decode(R"(52-/a,7["b",{"_placeholder":true,"num":1},{"x":{"num":0,"_placeholder":true}}])",
             {std::string("\0\1", 2), ""});
  EXPECT_EQ(event.type, PacketType::Event);
  EXPECT_EQ(event.id, 7U);
  EXPECT_EQ(event.attachments, (Texts{std::string("\0\1", 2), ""}));

  const Packet ack = decode(R"(61-3[{"_placeholder":true,"num":0}])", {"abc"});
  EXPECT_EQ(ack.type, PacketType::Ack);
  EXPECT_EQ(ack.attachments, Texts{"abc"});
}

TEST(SocketioDecoder, GoesOnAfterAPacketWithAttachments) {
  Decoder decoder;
  for (int i = 0; i < 2; ++i) {
    EXPECT_FALSE(*decoder.on_text(R"(51-["a",{"_placeholder":true,"num":0}])"));
    EXPECT_EQ((*decoder.on_binary("z"))->attachments, Texts{"z"});
    EXPECT_EQ((*decoder.on_text("2[\"b\"]"))->event(), "b");
  }
}

struct Malformed {
  std::string_view text;
  Error error;
};

TEST(SocketioDecoder, RefusesWhatIsMalformed) {
  const std::vector<Malformed> table = {
      {"", Error::UnknownType},
      {"7", Error::UnknownType},
      {"abc", Error::UnknownType},
      {" 0", Error::UnknownType},
      {"-1", Error::UnknownType},
      {"5", Error::BadAttachments},
      {"5[\"a\"]", Error::BadAttachments},
      {"5-[\"a\"]", Error::BadAttachments},
      {"50-[\"a\"]", Error::BadAttachments},
      {"51[\"a\"]", Error::BadAttachments},
      {"51.5-[\"a\"]", Error::BadAttachments},
      {"5+1-[\"a\"]", Error::BadAttachments},
      {"511-[\"a\"]", Error::TooManyAttachments},
      {"599999999999999999999-[\"a\"]", Error::TooManyAttachments},
      {"0/\xFF,", Error::BadNamespace},
      {"29007199254740992[\"x\"]", Error::BadId},
      {"299999999999999999999999[\"x\"]", Error::BadId},
      {"3[]", Error::BadId},
      {"61-[]", Error::BadId},
      {"01{}", Error::BadId},
      {"11", Error::BadId},
      {"0[]", Error::BadPayload},
      {"0null", Error::BadPayload},
      {"0\"a\"", Error::BadPayload},
      {"0{", Error::BadPayload},
      {"0{\"a\":1}}", Error::BadPayload},
      {"1{}", Error::BadPayload},
      {"1 ", Error::BadPayload},
      {"2", Error::BadPayload},
      {"2{}", Error::BadPayload},
      {"2[]", Error::BadPayload},
      {"2[null]", Error::BadPayload},
      {"2[{}]", Error::BadPayload},
      {"2[\"a\"", Error::BadPayload},
      {"2[\"a\"]x", Error::BadPayload},
      {"2abc[\"a\"]", Error::BadPayload},
      {"2/admin[\"a\"]", Error::BadPayload},
      {"2[\"\xFF\"]", Error::BadPayload},
      {"31", Error::BadPayload},
      {"31{}", Error::BadPayload},
      {"4", Error::BadPayload},
      {"4[]", Error::BadPayload},
      {"2[\"connect\"]", Error::ReservedEvent},
      {"2[\"connect_error\"]", Error::ReservedEvent},
      {"2[\"disconnect\"]", Error::ReservedEvent},
      {"2[\"disconnecting\"]", Error::ReservedEvent},
      {"2[\"newListener\"]", Error::ReservedEvent},
      {"2[\"removeListener\"]", Error::ReservedEvent},
      {"2[\"\\u0063onnect\"]", Error::ReservedEvent},
      {R"(51-["a",{"_placeholder":true,"num":1}])", Error::BadPlaceholder},
      {R"(51-["a",{"_placeholder":true,"num":-1}])", Error::BadPlaceholder},
      {R"(51-["a",{"_placeholder":true,"num":"0"}])", Error::BadPlaceholder},
      {R"(51-["a",[{"_placeholder":true}]])", Error::BadPlaceholder},
      {R"(51-["a",{"_placeholder":true,"num":0},{"_placeholder":true,"num":0}])",
       Error::BadPlaceholder},
      {R"(51-["a",{"\u005fplaceholder":true,"num":9}])", Error::BadPlaceholder},
  };
  for (const Malformed& each : table) {
    Decoder decoder;
    const auto packet = decoder.on_text(std::string(each.text));
    ASSERT_FALSE(packet) << each.text;
    EXPECT_EQ(packet.error(), each.error) << each.text << ": " << describe(packet.error());
    EXPECT_EQ(decoder.on_text("0").error(), each.error) << "the first error is final";
  }
}

TEST(SocketioDecoder, RefusesWhatIsOutOfTurn) {
  Decoder early;
  EXPECT_EQ(early.on_binary("x").error(), Error::UnexpectedBinary);
  Decoder twice;
  EXPECT_FALSE(*twice.on_text(R"(51-["a",{"_placeholder":true,"num":0}])"));
  EXPECT_EQ(twice.on_text("2[\"a\"]").error(), Error::ExpectedBinary);
  EXPECT_EQ(twice.on_binary("x").error(), Error::ExpectedBinary);
  Decoder more;
  EXPECT_FALSE(*more.on_text("51-[\"a\"]"));
  EXPECT_TRUE(*more.on_binary("x"));
  EXPECT_EQ(more.on_binary("x").error(), Error::UnexpectedBinary);
}

TEST(SocketioDecoder, KeepsItsLimits) {
  Decoder decoder({.attachments = 2, .attachments_bytes = 4, .name_space_bytes = 3});
  EXPECT_TRUE(decoder.on_text("0/ab,"));
  EXPECT_FALSE(*decoder.on_text("52-[\"a\"]"));
  EXPECT_FALSE(*decoder.on_binary("12"));
  EXPECT_TRUE(*decoder.on_binary("34"));
  EXPECT_FALSE(*decoder.on_text("52-[\"a\"]"));
  EXPECT_FALSE(*decoder.on_binary("12"));
  EXPECT_EQ(decoder.on_binary("345").error(), Error::TooLarge);
  EXPECT_EQ(Decoder({.name_space_bytes = 3}).on_text("0/abc,").error(), Error::BadNamespace);
  EXPECT_EQ(Decoder({.attachments = 2}).on_text("53-[\"a\"]").error(), Error::TooManyAttachments);
  EXPECT_EQ(Decoder({.json = {.items = 2}}).on_text("2[\"a\",1,2]").error(), Error::BadPayload);
  EXPECT_EQ(Decoder({.json = {.depth = 2}}).on_text("2[\"a\",[[]]]").error(), Error::BadPayload);
}

TEST(SocketioDecoder, TakesNoShorterTextForTheWholePacket) {
  const std::string text = R"(52-/admin,12["hello",{"_placeholder":true,"num":1},"ü\n"])";
  const auto whole = parse_text(text);
  ASSERT_TRUE(whole);
  for (std::size_t length = 0; length < text.size(); ++length) {
    EXPECT_FALSE(parse_text(std::string(text, 0, length))) << length;
  }
}

}  // namespace
}  // namespace carillon::socketio
