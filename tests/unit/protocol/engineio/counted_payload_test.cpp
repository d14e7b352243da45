#include "protocol/engineio/counted_payload.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "protocol/engineio/payload.hpp"
#include "tests/unit/protocol/engineio/read_payload.hpp"

namespace carillon::engineio {
namespace {

using std::string_literals::operator""s;
using testing::read;

const Bytes kEuro = "\xe2\x82\xac";
const Bytes kBell = "\xf0\x9f\x94\x94";  // a pair of UTF-16 units

std::vector<std::string> read_text(Bytes payload) {
  return read(payload, PayloadForm::CountedText);
}

std::vector<std::string> read_octets(Bytes payload) {
  return read(payload, PayloadForm::CountedOctets);
}

using Texts = std::vector<std::string>;

/// The examples of the protocol, "Payload".
const std::string kTextExample = "2:4" + std::string(kEuro) + "10:b4AQIDBA==";
const std::string kOctetsExample =
    "\x00\x04\xff"
    "4\xe2\x82\xac"
    "\x01\x05\xff"
    "\x04\x01\x02\x03\x04"s;
const std::string kSeparated = "4" + std::string(kEuro) +
                               "\x1e"
                               "bAQIDBA==";

TEST(EngineioCountedPayload, CountsUtf16Units) {
  EXPECT_EQ(read_text("6:4hello2:4" + std::string(kEuro)), (Texts{"4hello", "4\xe2\x82\xac"}));
  EXPECT_EQ(read_text("3:4" + std::string(kBell) + "1:2"), (Texts{"4\xf0\x9f\x94\x94", "2"}));
  EXPECT_EQ(to_counted("4" + std::string(kBell), false).body, "3:4" + std::string(kBell));
}

TEST(EngineioCountedPayload, IsOctetsWhereAPacketIs) {
  const CountedPayload octets = to_counted(kSeparated, false);
  EXPECT_EQ(octets.kind, DataKind::Binary);
  EXPECT_EQ(octets.body, kOctetsExample);
  const CountedPayload text = to_counted(kSeparated, true);
  EXPECT_EQ(text.kind, DataKind::Text);
  EXPECT_EQ(text.body, kTextExample);
  EXPECT_EQ(to_counted("4a\x1e"
                       "6",
                       false)
                .body,
            "2:4a1:6");
}

TEST(EngineioCountedPayload, ReadsWhatItWrites) {
  const Texts texts = {"4\xe2\x82\xac", "bAQIDBA=="};
  EXPECT_EQ(read_text(kTextExample), texts);
  EXPECT_EQ(read_octets(kOctetsExample), texts);
  const std::string large(123'456, 'x');
  EXPECT_EQ(read_text(to_counted("4" + large, false).body), Texts{"4" + large});
  const auto both = to_counted("4" + large + "\x1e" + "bAA==", false);
  EXPECT_EQ(read_octets(both.body), (Texts{"4" + large, "bAA=="}));
}

TEST(EngineioCountedPayload, ShowsWhatIsNoPacket) {
  for (const Bytes payload :
       {"", "abc", ":4a", "x:4a", "-1:4a", "+2:4a", "3:4a", "0:", "2:9a", "9999999999:4a", "1:b",
        "3:b4!", "5:bAAA=", "2:4\xf0\x9f\x94\x94", "2:4\xe2\x82", "2:4\x80"}) {
    EXPECT_EQ(read_text(payload), Texts{"?"}) << payload;
  }
  for (const std::string& payload :
       {""s, "6:4hello"s, "\x00"s, "\x00\xff"s, "\x00\x01"s, "\x00\x0a\xff"s, "\x02\x01\xff"s,
        "\x00\x02\xff"
        "4"s,
        "\x00\x00\xff"s, "\x01\x00\xff"s, "\x01\x01\xff\x02"s,
        "\x01\x01\xff"
        "4"s}) {
    EXPECT_EQ(read_octets(payload), Texts{"?"}) << ::testing::PrintToString(payload);
  }
}

/// Whatever is cut off, what comes before is as it was.
TEST(EngineioCountedPayload, LosesAtMostTheCutPacket) {
  for (std::size_t length = 0; length < kTextExample.size(); ++length) {
    const Texts texts = read_text(kTextExample.substr(0, length));
    EXPECT_EQ(texts.front(), length < 6 ? "?" : "4\xe2\x82\xac");
    EXPECT_EQ(texts.back() == "?", length != 6);
  }
  for (std::size_t length = 0; length < kOctetsExample.size(); ++length) {
    const Texts texts = read_octets(kOctetsExample.substr(0, length));
    EXPECT_EQ(texts.front(), length < 7 ? "?" : "4\xe2\x82\xac");
    EXPECT_EQ(texts.back() == "?", length != 7);
  }
}

}  // namespace
}  // namespace carillon::engineio
