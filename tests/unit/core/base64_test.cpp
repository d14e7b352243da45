#include "core/base64.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace carillon {
namespace {

// RFC 4648 §10.
const std::vector<std::pair<std::string, std::string>> kVectors{{"", ""},
                                                                {"f", "Zg=="},
                                                                {"fo", "Zm8="},
                                                                {"foo", "Zm9v"},
                                                                {"foob", "Zm9vYg=="},
                                                                {"fooba", "Zm9vYmE="},
                                                                {"foobar", "Zm9vYmFy"}};

std::string without_padding(std::string text) {
  while (text.ends_with('=')) text.pop_back();
  return text;
}

std::string every_octet() {
  std::string octets;
  for (int octet = 0; octet < 256; ++octet) octets.push_back(static_cast<char>(octet));
  return octets;
}

TEST(Base64, EncodesAndDecodesTheVectorsOfTheRfc) {
  for (const auto& [octets, text] : kVectors) {
    EXPECT_EQ(base64_encode(octets), text);
    EXPECT_EQ(base64_decode(text), octets);
    EXPECT_EQ(base64url_encode(octets), without_padding(text));
    EXPECT_EQ(base64url_decode(without_padding(text)), octets);
  }
}

TEST(Base64, AppendsBehindWhatIsThere) {
  std::string out = "12345";
  append_base64(out, "fo");
  append_base64(out, "f");
  EXPECT_EQ(out, "12345Zm8=Zg==");
}

TEST(Base64, RoundTripsEveryOctetAtEveryLength) {
  const std::string octets = every_octet();
  for (std::size_t length = 0; length <= octets.size(); ++length) {
    const std::string part = octets.substr(octets.size() - length);
    EXPECT_EQ(base64_decode(base64_encode(part)), part);
    EXPECT_EQ(base64url_decode(base64url_encode(part)), part);
  }
}

TEST(Base64, TheTwoAlphabetsDifferInTwoDigits) {
  EXPECT_EQ(base64_encode("\xfb\xff\xfe"), "+//+");
  EXPECT_EQ(base64url_encode("\xfb\xff\xfe"), "-__-");
  EXPECT_EQ(base64_decode("-__-"), std::nullopt);
  EXPECT_EQ(base64url_decode("+//+"), std::nullopt);
}

TEST(Base64, RefusesMissingAndMisplacedPadding) {
  for (const char* text : {"Zg", "Zg=", "Zg===", "=", "==", "===", "====", "Z===", "Zg==Zg==",
                           "=Zg=", "Zm9v=", "Zm9v====", "Z=g="}) {
    EXPECT_EQ(base64_decode(text), std::nullopt) << text;
  }
  for (const char* text : {"Zg==", "Zm8=", "Z", "Zm9vY"}) {
    EXPECT_EQ(base64url_decode(text), std::nullopt) << text;
  }
}

TEST(Base64, RefusesASecondSpellingOfTheSameOctets) {
  for (const char* text : {"Zh==", "Zv==", "Zm9=", "Zm+="}) {
    EXPECT_EQ(base64_decode(text), std::nullopt) << text;
  }
  EXPECT_EQ(base64url_decode("Zh"), std::nullopt);
  EXPECT_EQ(base64url_decode("Zm9"), std::nullopt);
}

TEST(Base64, RefusesEveryForeignOctet) {
  const std::string alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (const char octet : every_octet()) {
    const std::string text{'A', octet, 'A', 'A'};
    EXPECT_EQ(base64_decode(text).has_value(), alphabet.find(octet) != std::string::npos)
        << static_cast<int>(octet);
  }
}

}  // namespace
}  // namespace carillon
