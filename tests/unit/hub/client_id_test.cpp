#include "hub/client_id.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace carillon::hub {
namespace {

TEST(ClientId, ComesBackFromItsText) {
  for (const std::uint64_t value :
       {std::uint64_t{1}, std::uint64_t{31}, std::uint64_t{32},
        std::uint64_t{0x0123'4567'89ab'cdef}, std::numeric_limits<std::uint64_t>::max()}) {
    const std::string text = to_text(ClientId{value});
    EXPECT_EQ(text.size(), 15U);
    EXPECT_TRUE(text.starts_with("c_"));
    EXPECT_EQ(parse_client_id(text), ClientId{value});
  }
}

TEST(ClientId, OnlyItsOwnTextIsRead) {
  const std::string text = to_text(ClientId{77});
  EXPECT_FALSE(parse_client_id(""));
  EXPECT_FALSE(parse_client_id("c_"));
  EXPECT_FALSE(parse_client_id(text.substr(2)));
  EXPECT_FALSE(parse_client_id(text + "a"));
  EXPECT_FALSE(parse_client_id(text.substr(0, 14)));
  EXPECT_FALSE(parse_client_id("C" + text.substr(1)));
  EXPECT_FALSE(parse_client_id(to_text(ClientId{}))) << "nobody's";
  EXPECT_FALSE(parse_client_id("c_aaaaaaaaaaaal")) << "l is not a digit";
  EXPECT_FALSE(parse_client_id("c_9999999999999")) << "65 bits";
}

TEST(ClientId, ARandomOneNamesItsReactor) {
  for (const std::size_t count : {1U, 2U, 3U, 64U}) {
    for (std::size_t own = 0; own < count; ++own) {
      const ClientId id = ClientId::random(own, count);
      EXPECT_TRUE(id);
      EXPECT_EQ(id.value % count, own);
    }
  }
  EXPECT_NE(ClientId::random(0, 1), ClientId::random(0, 1));
}

}  // namespace
}  // namespace carillon::hub
