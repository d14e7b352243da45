#include "transport/socketio/channel_command.hpp"

#include <gtest/gtest.h>

#include <string>

#include "protocol/socketio/decoder.hpp"

namespace carillon::transport {
namespace {

/// The command of an event with up to one attachment, or the detail of what is wrong.
std::string command(Bytes event, Bytes attachment = {}) {
  socketio::Decoder decoder;
  auto packet = decoder.on_text(event);
  if (packet && !*packet) packet = decoder.on_binary(attachment);
  if (!packet || !*packet) return "no packet";
  const auto text = command_text(**packet, {});
  return text ? *text : text.error().detail;
}

TEST(ChannelCommand, IsMadeOfTheArguments) {
  EXPECT_EQ(command(R"(2["subscribe","chat"])"), R"({"type":"subscribe","channel":"chat"})");
  EXPECT_EQ(command(R"(2["subscribe","chat",{ "after" : "a:1" }])"),
            R"({"type":"subscribe","channel":"chat", "after" : "a:1" })");
  EXPECT_EQ(command(R"(2["unsubscribe","chat"])"), R"({"type":"unsubscribe","channel":"chat"})");
  EXPECT_EQ(command(R"(2["publish","chat",{"b":1,"a":2},{"key":"k"}])"),
            R"({"type":"message","channel":"chat","data":{"b":1,"a":2},"key":"k"})");
  EXPECT_EQ(command(R"(2["ephemeral","chat",null])"),
            R"({"type":"ephemeral","channel":"chat","data":null})");
  EXPECT_EQ(command(R"(2["history","chat",{"limit":1}])"),
            R"({"type":"history","channel":"chat","limit":1})");
  EXPECT_EQ(command(R"(2["presence","chat",{"data":{"muted":true}}])"),
            R"({"type":"presence","channel":"chat","data":{"muted":true}})");
  EXPECT_EQ(command(R"(2["signal","c_8fk2mnpqrstuv",{"sdp":""}])"),
            R"({"type":"signal","to":"c_8fk2mnpqrstuv","data":{"sdp":""}})");
}

TEST(ChannelCommand, TakesOptionsThatSayNothing) {
  for (const Bytes options : {Bytes("{}"), Bytes("{ \n}"), Bytes("null")}) {
    EXPECT_EQ(command(R"(2["history","chat",)" + std::string(options) + "]"),
              R"({"type":"history","channel":"chat"})");
  }
}

TEST(ChannelCommand, PublishesAnAttachmentAsBinaryData) {
  EXPECT_EQ(command(R"(51-["publish","chat",{"_placeholder":true,"num":0}])", "\x01\x02\x03"),
            R"({"type":"message","channel":"chat","data":"AQID","encoding":"base64"})");
}

TEST(ChannelCommand, HasNoPlaceForAnAttachmentWithinData) {
  EXPECT_NE(
      command(R"(51-["publish","chat",[{"_placeholder":true,"num":0}]])", "x").find("as a whole"),
      std::string::npos);
}

TEST(ChannelCommand, TellsWhichArgumentsItTakes) {
  EXPECT_EQ(command(R"(2["publish","chat"])"),
            "too few arguments: give publish(channel, data, options?) and no more");
  EXPECT_EQ(command(R"(2["unsubscribe","chat",{}])"),
            "too many arguments: give unsubscribe(channel) and no more");
  EXPECT_EQ(command(R"(2["subscribe","chat",5])"),
            "the options are no object: give subscribe(channel, options?) and no more");
  EXPECT_EQ(command(R"(2["signal",1])"), "too few arguments: give signal(to, data) and no more");
  EXPECT_EQ(command(R"(2["other"])"), "no event of this name is served here");
}

}  // namespace
}  // namespace carillon::transport
