#include "protocol/proxy/header.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace carillon::proxy {
namespace {

using namespace std::string_literals;

const std::string kSignature = "\r\n\r\n\0\r\nQUIT\n"s;

/// A header with that version and command, family and transport, and rest.
std::string header(unsigned command, unsigned family, const std::string& rest) {
  std::string out = kSignature;
  for (const std::size_t octet :
       {std::size_t{command}, std::size_t{family}, rest.size() >> 8, rest.size() & 0xFF}) {
    out.push_back(static_cast<char>(octet));
  }
  return out + rest;
}

const std::string kIpv4Addresses = "\xC0\x00\x02\x07\x0A\x00\x00\x01\x12\x67\x1F\x40"s;
const std::string kIpv6Addresses =
    "\x20\x01\x0D\xB8\0\0\0\0\0\0\0\0\0\0\0\x07"s + std::string(16, '\0') + "\x12\x67\x1F\x40"s;

Header parsed(const std::string& octets) {
  const auto result = parse_header(octets);
  if (!result || !*result) {
    ADD_FAILURE() << "no header";
    return {};
  }
  return **result;
}

std::optional<HeaderError> error_in(const std::string& octets) {
  const auto result = parse_header(octets);
  return result ? std::nullopt : std::optional(result.error());
}

TEST(ProxyHeader, ReadsAnIpv4Client) {
  const Header found = parsed(header(0x21, 0x11, kIpv4Addresses) + "GET / HTTP/1.1");
  EXPECT_EQ(found.command, Command::Proxy);
  EXPECT_EQ(found.family, Family::Ipv4);
  const std::array<std::uint8_t, 16> ip = {192, 0, 2, 7};
  EXPECT_EQ(found.source_ip, ip);
  EXPECT_EQ(found.source_port, 4711);
  EXPECT_EQ(found.header_bytes, 28U);
}

TEST(ProxyHeader, ReadsAnIpv6Client) {
  const Header found = parsed(header(0x21, 0x21, kIpv6Addresses));
  EXPECT_EQ(found.family, Family::Ipv6);
  const std::array<std::uint8_t, 16> ip = {0x20, 0x01, 0x0D, 0xB8, 0, 0, 0, 0,
                                           0,    0,    0,    0,    0, 0, 0, 7};
  EXPECT_EQ(found.source_ip, ip);
  EXPECT_EQ(found.source_port, 4711);
  EXPECT_EQ(found.header_bytes, 52U);
}

TEST(ProxyHeader, KnowsClientsWithoutAnIpAddress) {
  EXPECT_EQ(parsed(header(0x21, 0x31, std::string(216, 'x'))).family, Family::Unix);
  const Header unspecified = parsed(header(0x21, 0x00, ""));
  EXPECT_EQ(unspecified.command, Command::Proxy);
  EXPECT_EQ(unspecified.family, Family::Unspecified);
}

TEST(ProxyHeader, IgnoresTheAddressesOfTheProxysOwnConnections) {
  for (const unsigned family : {0x00U, 0x11U, 0xFFU}) {
    const Header found = parsed(header(0x20, family, "whatever"));
    EXPECT_EQ(found.command, Command::Local);
    EXPECT_EQ(found.family, Family::Unspecified);
    EXPECT_EQ(found.header_bytes, 24U);
  }
}

TEST(ProxyHeader, PassesOverExtensions) {
  const std::string tlvs =
      "\x05\x00\x03"
      "abc\x04\x00\x01\x00"s;
  const Header found = parsed(header(0x21, 0x11, kIpv4Addresses + tlvs) + "rest");
  EXPECT_EQ(found.source_port, 4711);
  EXPECT_EQ(found.header_bytes, 28U + tlvs.size());
}

TEST(ProxyHeader, WaitsForWhatIsMissingAtEveryOctet) {
  for (const std::string& whole :
       {header(0x21, 0x11, kIpv4Addresses + "\x04\x00\x01\x00"s),
        header(0x21, 0x21, kIpv6Addresses), header(0x21, 0x31, std::string(216, 'x')),
        header(0x20, 0x00, "")}) {
    for (std::size_t size = 0; size < whole.size(); ++size) {
      const auto result = parse_header(whole.substr(0, size));
      ASSERT_TRUE(result.has_value()) << size;
      EXPECT_FALSE(result->has_value()) << size;
    }
    EXPECT_EQ(parsed(whole).header_bytes, whole.size());
  }
}

TEST(ProxyHeader, RefusesAnotherBeginningAtItsFirstWrongOctet) {
  for (std::size_t wrong = 0; wrong < kSignature.size(); ++wrong) {
    std::string octets = kSignature.substr(0, wrong + 1);
    octets.back() = '?';
    EXPECT_EQ(error_in(octets), HeaderError::NoSignature) << wrong;
  }
  EXPECT_EQ(error_in("GET / HTTP/1.1\r\n"), HeaderError::NoSignature);
  EXPECT_EQ(error_in("POST /"), HeaderError::NoSignature);
}

TEST(ProxyHeader, TellsTheTextFormFromEverythingElse) {
  EXPECT_EQ(error_in("PROXY TCP4 192.0.2.7 10.0.0.1 4711 8000\r\n"), HeaderError::Version1);
  EXPECT_EQ(error_in("PROXY"), std::nullopt);
  EXPECT_EQ(error_in("PROXIES"), HeaderError::NoSignature);
}

TEST(ProxyHeader, RefusesWhatItDoesNotKnow) {
  EXPECT_EQ(error_in(kSignature + "\x11"), HeaderError::UnknownVersion);
  EXPECT_EQ(error_in(kSignature + "\x31"), HeaderError::UnknownVersion);
  EXPECT_EQ(error_in(kSignature + "\x22"), HeaderError::UnknownCommand);
  for (const char* family : {"\x12", "\x22", "\x32", "\x01", "\x10", "\x41"}) {
    EXPECT_EQ(error_in(kSignature + "\x21" + family), HeaderError::UnknownFamily);
  }
}

TEST(ProxyHeader, RefusesLengthsThatCannotBe) {
  EXPECT_EQ(error_in(header(0x21, 0x11, kIpv4Addresses.substr(1))), HeaderError::AddressesTooShort);
  EXPECT_EQ(error_in(header(0x21, 0x21, kIpv4Addresses)), HeaderError::AddressesTooShort);
  EXPECT_EQ(error_in(header(0x21, 0x31, std::string(215, 'x'))), HeaderError::AddressesTooShort);
  const std::size_t most = kMaxHeaderBytes - 16;
  EXPECT_EQ(parsed(header(0x20, 0, std::string(most, 'x'))).header_bytes, kMaxHeaderBytes);
  EXPECT_EQ(error_in(header(0x20, 0, std::string(most + 1, 'x'))), HeaderError::TooLong);
  EXPECT_EQ(error_in(kSignature + "\x21\x11\xFF\xFF"), HeaderError::TooLong);
}

TEST(ProxyHeader, HasWordsForEveryError) {
  for (const auto error :
       {HeaderError::NoSignature, HeaderError::Version1, HeaderError::UnknownVersion,
        HeaderError::UnknownCommand, HeaderError::UnknownFamily, HeaderError::AddressesTooShort,
        HeaderError::TooLong}) {
    EXPECT_FALSE(describe(error).empty());
  }
}

}  // namespace
}  // namespace carillon::proxy
