#include "access/address_set.hpp"

#include <gtest/gtest.h>

#include <optional>

namespace carillon::access {
namespace {

TEST(AddressSet, TakesAddressesAndBlocksOnly) {
  AddressSet set;
  for (const char* text : {"", "*", "localhost", "10.0.0.1/8", "unix", "10.0.0.0/40"}) {
    EXPECT_FALSE(set.add(text)) << text;
  }
  EXPECT_FALSE(set.contains(std::nullopt));
  EXPECT_FALSE(set.contains(IpAddress::parse("127.0.0.1")));
}

}  // namespace
}  // namespace carillon::access
