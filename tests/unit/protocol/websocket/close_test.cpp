#include "protocol/websocket/close.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "core/utf8.hpp"

namespace carillon::websocket {
namespace {

using namespace std::string_literals;

/// The error, or nothing where there is none: `error()` alone may be asked only then.
template <class Value, class Error>
std::optional<Error> error_in(const Result<Value, Error>& result) {
  return result ? std::nullopt : std::optional(result.error());
}

std::string payload_of(unsigned number, Bytes reason = {}) {
  std::string payload{static_cast<char>(number >> 8), static_cast<char>(number & 0xFF)};
  return payload.append(reason);
}

TEST(CloseCode, MayStandInAFrameOnlyIfRegisteredOrPrivate) {
  for (unsigned number = 0; number <= 0xFFFF; ++number) {
    const bool defined =
        (number >= 1000 && number <= 1014) && number != 1004 && number != 1005 && number != 1006;
    const bool expected = defined || (number >= 3000 && number < 5000);
    ASSERT_EQ(may_stand_in_frame(static_cast<CloseCode>(number)), expected) << number;
    const auto close = parse_close_payload(payload_of(number));
    const auto error = expected ? std::nullopt : std::optional(ProtocolError::InvalidCloseCode);
    ASSERT_EQ(error_in(close), error) << number;
  }
}

TEST(ClosePayload, IsReadWithAndWithoutACodeAndAReason) {
  EXPECT_EQ(parse_close_payload({})->code, CloseCode::NoStatus);
  const auto plain = parse_close_payload(payload_of(1000));
  EXPECT_EQ(plain->code, CloseCode::Normal);
  EXPECT_EQ(plain->reason, "");
  const std::string octets = payload_of(4001, "tschüß");
  const auto close = parse_close_payload(octets);
  EXPECT_EQ(static_cast<unsigned>(close->code), 4001U);
  EXPECT_EQ(close->reason, "tschüß");
}

TEST(ClosePayload, OfOneByteIsRefused) {
  EXPECT_EQ(error_in(parse_close_payload("\x03")), ProtocolError::CloseTooShort);
}

TEST(ClosePayload, WithAReasonThatIsNotUtf8IsRefused) {
  for (const std::string& reason : {"\xED\xA0\x80"s, "ok\xCE"s, "\xFF"s, "\xC0\xAF"s}) {
    EXPECT_EQ(error_in(parse_close_payload(payload_of(1000, reason))), ProtocolError::InvalidUtf8);
  }
}

TEST(ClosePayload, IsWrittenAsItIsRead) {
  EXPECT_EQ(close_payload(CloseCode::NoStatus, "unused"), "");
  EXPECT_EQ(close_payload(CloseCode::GoingAway, ""), "\x03\xE9");
  const std::string octets = close_payload(static_cast<CloseCode>(4999), "bye");
  EXPECT_EQ(octets,
            "\x13\x87"
            "bye");
  EXPECT_EQ(parse_close_payload(octets)->reason, "bye");
}

TEST(ClosePayload, CutsALongReasonBetweenTwoCharacters) {
  for (const std::string& character : {"x"s, "é"s, "€"s, "🔔"s}) {
    for (std::size_t lead = 0; lead < 4; ++lead) {
      std::string reason(lead, '.');
      while (reason.size() < 200) reason.append(character);
      const std::string octets = close_payload(CloseCode::Normal, reason);
      const Bytes kept = Bytes(octets).substr(2);
      EXPECT_LE(octets.size(), 125U);
      EXPECT_GT(kept.size() + character.size(), kMaxCloseReasonBytes);
      EXPECT_TRUE(is_utf8(kept));
      EXPECT_TRUE(reason.starts_with(kept));
    }
  }
}

TEST(ClosePayload, KeepsAReasonThatJustFits) {
  const std::string reason(kMaxCloseReasonBytes, 'r');
  EXPECT_EQ(close_payload(CloseCode::Normal, reason).size(), 125U);
}

TEST(CloseHandshake, StartedByThePeerIsAnsweredOnce) {
  CloseHandshake handshake;
  EXPECT_TRUE(handshake.open());
  EXPECT_TRUE(handshake.receive());
  EXPECT_EQ(handshake.state(), CloseState::CloseReceived);
  EXPECT_FALSE(handshake.open());
  EXPECT_FALSE(handshake.receive());
  EXPECT_TRUE(handshake.send());
  EXPECT_EQ(handshake.state(), CloseState::Closed);
  EXPECT_FALSE(handshake.send());
  EXPECT_FALSE(handshake.receive());
}

TEST(CloseHandshake, StartedByUsEndsWithTheAnswer) {
  CloseHandshake handshake;
  EXPECT_TRUE(handshake.send());
  EXPECT_EQ(handshake.state(), CloseState::CloseSent);
  EXPECT_FALSE(handshake.open());
  EXPECT_FALSE(handshake.send());
  EXPECT_FALSE(handshake.receive());
  EXPECT_EQ(handshake.state(), CloseState::Closed);
}

TEST(CloseHandshake, StartedByBothAtOnceNeedsNoAnswer) {
  CloseHandshake ours;
  CloseHandshake theirs;
  EXPECT_TRUE(ours.send());
  EXPECT_TRUE(theirs.send());
  EXPECT_FALSE(ours.receive());
  EXPECT_FALSE(theirs.receive());
  EXPECT_EQ(ours.state(), CloseState::Closed);
  EXPECT_EQ(theirs.state(), CloseState::Closed);
}

}  // namespace
}  // namespace carillon::websocket
