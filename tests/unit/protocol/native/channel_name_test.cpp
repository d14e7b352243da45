#include "protocol/native/channel_name.hpp"

#include <gtest/gtest.h>

#include <string>

#include "tests/vectors/read_vectors.hpp"

namespace carillon::native {
namespace {

TEST(ChannelName, JudgesEveryVector) {
  for (const auto& vector : testing::read_vectors("native", "channel_names")) {
    const std::string name = testing::octets_of(vector);
    EXPECT_EQ(is_channel_name(name), vector["valid"].get<bool>()) << name;
  }
}

TEST(ChannelName, AllowsExactlyTheCharactersOfTheProtocol) {
  const std::string allowed =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.:/@|+=~!-";
  for (int octet = 0; octet < 256; ++octet) {
    const std::string name(1, static_cast<char>(octet));
    EXPECT_EQ(is_channel_name(name), allowed.find(name) != std::string::npos) << octet;
  }
}

TEST(ChannelName, ItsNamespaceEndsAtTheFirstColon) {
  for (const auto& vector : testing::read_vectors("native", "channel_names")) {
    if (!vector["valid"].get<bool>()) continue;
    const std::string name = testing::octets_of(vector);
    EXPECT_EQ(channel_namespace(name), vector["namespace"].get<std::string>()) << name;
  }
}

TEST(ChannelName, TheDefaultIsOne) {
  EXPECT_TRUE(is_channel_name(kDefaultChannel));
}

}  // namespace
}  // namespace carillon::native
