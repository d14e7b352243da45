#include "protocol/socketio/encode.hpp"

#include <gtest/gtest.h>

#include <string>

#include "protocol/socketio/decoder.hpp"

namespace carillon::socketio {
namespace {

template <class... Arguments>
std::string text_of(void (*append)(std::string&, Arguments...), auto... values) {
  std::string out = "|";
  append(out, values...);
  return out;
}

TEST(SocketioEncode, WritesConnect) {
  EXPECT_EQ(text_of(append_connect, "/", "a", "b"), R"(|0{"sid":"a","pid":"b"})");
  EXPECT_EQ(text_of(append_connect, "/admin", "a", ""), R"(|0/admin,{"sid":"a"})");
  EXPECT_EQ(text_of(append_connect, "/", "", ""), "|0");
}

TEST(SocketioEncode, WritesConnectErrorAndDisconnect) {
  EXPECT_EQ(text_of(append_connect_error, "/x", "Invalid namespace", ""),
            R"(|4/x,{"message":"Invalid namespace"})");
  EXPECT_EQ(text_of(append_connect_error, "/", "a\"b", R"({"code":"E1"})"),
            R"(|4{"message":"a\"b","data":{"code":"E1"}})");
  EXPECT_EQ(text_of(append_disconnect, "/"), "|1");
  EXPECT_EQ(text_of(append_disconnect, "/admin"), "|1/admin,");
}

TEST(SocketioEncode, WritesEvents) {
  EXPECT_EQ(text_of(append_event, Address(), "hi", "", 0U), R"(|2["hi"])");
  EXPECT_EQ(
      text_of(append_event, Address{.name_space = "/a", .id = 0}, "hi\n", R"(1,{"b":2,"a":1})", 0U),
      R"(|2/a,0["hi\n",1,{"b":2,"a":1}])");
  EXPECT_EQ(text_of(append_event, Address{.id = 12}, "b", R"({"_placeholder":true,"num":0})", 1U),
            R"(|51-12["b",{"_placeholder":true,"num":0}])");
}

TEST(SocketioEncode, TellsVersion2WhatItExpects) {
  EXPECT_EQ(text_of(append_connect, "/", "", ""), "|0");
  EXPECT_EQ(text_of(append_connect, "/a", "", ""), "|0/a,");
  EXPECT_EQ(text_of(append_error, "/", R"("no")"), R"(|4"no")");
  EXPECT_EQ(text_of(append_error, "/a", R"({"code":1})"), R"(|4/a,{"code":1})");
}

TEST(SocketioEncode, SplitsTheQueryFromAName) {
  EXPECT_EQ(split_query("/a").name, "/a");
  EXPECT_EQ(split_query("/a").query, "");
  EXPECT_EQ(split_query("/a?b=c?d").name, "/a");
  EXPECT_EQ(split_query("/a?b=c?d").query, "b=c?d");
}

TEST(SocketioEncode, WritesAcknowledgements) {
  EXPECT_EQ(text_of(append_ack, Address{.id = 3}, "", 0U), "|33[]");
  EXPECT_EQ(text_of(append_ack, Address{.name_space = "/a", .id = 3}, "1,2", 0U), "|3/a,3[1,2]");
  EXPECT_EQ(text_of(append_ack, Address{.name_space = "/a", .id = 3}, "1,2", 2U), "|62-/a,3[1,2]");
}

TEST(SocketioEncode, IsReadByTheDecoder) {
  std::string out;
  append_event(out, {.name_space = "/räume", .id = 5}, "a\"\\", R"("x",{"b":1})");
  const auto parsed = parse_text(out);
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->packet.name_space, "/räume");
  EXPECT_EQ(parsed->packet.id, 5U);
  EXPECT_EQ(parsed->packet.event(), "a\"\\");
  EXPECT_EQ(parsed->packet.element(2).raw, R"({"b":1})");
}

}  // namespace
}  // namespace carillon::socketio
