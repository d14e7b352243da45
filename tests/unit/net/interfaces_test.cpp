#include "net/interfaces.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace carillon::net {
namespace {

TEST(Interfaces, HaveTheLoopbackAmongTheirAddresses) {
  const auto addresses = interface_addresses();
  ASSERT_TRUE(addresses);
  EXPECT_THAT(*addresses, testing::Contains(testing::AllOf(
                              testing::Field(&DatagramAddress::ip, IpBytes{127, 0, 0, 1}),
                              testing::Field(&DatagramAddress::family, Family::Ipv4))));
}

TEST(Interfaces, CanBeWatchedAndLetGo) {
  Reactor reactor;
  int changes = 0;
  InterfaceWatch watch(reactor, [&changes] { ++changes; });
  EXPECT_TRUE(watch.hears());
  watch.on_ready(0);  // whatever came: the list is to be read anew
  EXPECT_EQ(changes, 1);
}

}  // namespace
}  // namespace carillon::net
