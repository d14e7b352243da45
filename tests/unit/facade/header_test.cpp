#include "facade/header.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace carillon::facade {
namespace {

TEST(Header, IsAddedAsItIs) {
  http1::Fields fields;
  add_header(fields, "X-Seen", "a");
  add_header(fields, "Set-Cookie", "b=1");
  add_header(fields, "Set-Cookie", "c=2");
  ASSERT_EQ(fields.size(), 3U);
  EXPECT_EQ(fields.at(2).name, "Set-Cookie");
  EXPECT_EQ(fields.at(2).value, "c=2");
}

TEST(Header, WhatTheServerWritesItselfIsLeftToIt) {
  http1::Fields fields;
  for (const Bytes name : {"Content-Length", "TRANSFER-ENCODING", "connection", "Upgrade",
                           "Sec-WebSocket-Accept", "Sec-WebSocket-Extensions"}) {
    add_header(fields, name, "x");
  }
  EXPECT_EQ(fields.size(), 0U);
}

TEST(Header, ANameThatIsNoTokenIsAMistake) {
  http1::Fields fields;
  for (const Bytes name : {"", "a b", "a:", "a\r\nb", "ä"}) {
    EXPECT_THROW(add_header(fields, name, "x"), std::invalid_argument) << name;
  }
}

}  // namespace
}  // namespace carillon::facade
