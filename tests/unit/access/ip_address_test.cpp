#include "access/ip_address.hpp"

#include <gtest/gtest.h>

namespace carillon::access {
namespace {

TEST(IpAddress, ReadsAndPrintsBothFamilies) {
  for (const char* text :
       {"127.0.0.1", "0.0.0.0", "255.255.255.255", "::1", "::", "2001:db8::7", "fe80::1:2:3:4"}) {
    const auto address = IpAddress::parse(text);
    ASSERT_TRUE(address) << text;
    EXPECT_EQ(address->text(), text);
  }
}

TEST(IpAddress, RefusesWhatOnlySomeReadersTakeForAnAddress) {
  for (const char* text : {"",
                           "127.1",
                           "2130706433",
                           "0x7f000001",
                           "0177.0.0.1",
                           "127.0.0.01",
                           "127.0.0.1.",
                           "1.2.3",
                           "1.2.3.4.5",
                           "256.0.0.1",
                           " 127.0.0.1",
                           "127.0.0.1 ",
                           "127.0.0.1:80",
                           "[::1]",
                           "::1%lo",
                           "::1%25lo",
                           ":::1",
                           "1::2::3",
                           "::ffff:127.0.0.1.5",
                           "12345::",
                           "g::1",
                           "localhost",
                           "１２７.0.0.1",
                           "0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000"}) {
    EXPECT_FALSE(IpAddress::parse(text)) << text;
  }
  EXPECT_FALSE(IpAddress::parse(Bytes("127.0.0.1\0", 10)));
  EXPECT_FALSE(IpAddress::parse(Bytes("127.0.0.1\0.evil", 15)));
}

TEST(IpAddress, TakesAnIpv4MappedAddressForTheIpv4Address) {
  const auto mapped = IpAddress::parse("::ffff:192.0.2.1");
  ASSERT_TRUE(mapped);
  EXPECT_EQ(mapped, IpAddress::parse("192.0.2.1"));
  EXPECT_TRUE(mapped->is_v4());
  EXPECT_EQ(mapped->text(), "192.0.2.1");
  EXPECT_FALSE(IpAddress::parse("2001:db8::1")->is_v4());
}

TEST(IpAddress, KnowsLoopback) {
  for (const char* text : {"127.0.0.1", "127.255.0.3", "::1", "::ffff:127.0.0.1"}) {
    EXPECT_TRUE(IpAddress::parse(text)->is_loopback()) << text;
  }
  for (const char* text : {"128.0.0.1", "126.0.0.1", "0.0.0.0", "::", "::2", "1::1", "::127.0.0.1",
                           "::ffff:128.0.0.1"}) {
    EXPECT_FALSE(IpAddress::parse(text)->is_loopback()) << text;
  }
}

TEST(IpAddress, IsMadeFromFourOrSixteenOctets) {
  EXPECT_EQ(IpAddress::from_octets("\x7f\x01\x02\x03"), IpAddress::parse("127.1.2.3"));
  const std::string six = std::string(15, '\0') + '\1';
  EXPECT_EQ(IpAddress::from_octets(six), IpAddress::parse("::1"));
  EXPECT_FALSE(IpAddress::from_octets(""));
  EXPECT_FALSE(IpAddress::from_octets("12345"));
}

}  // namespace
}  // namespace carillon::access
