#include "protocol/http1/parser.hpp"

#include <gtest/gtest.h>

#include "tests/unit/protocol/http1/accepted_requests.hpp"
#include "tests/unit/protocol/http1/support.hpp"

namespace carillon::http1 {
namespace {

using testing::Accepted;
using testing::difference_by_cuts;
using testing::kAccepted;
using testing::Outcome;
using testing::read_whole;
using Phase = RequestParser::Phase;

TEST(RequestParser, AcceptsWhatTheLawAllows) {
  for (const Accepted& accepted : kAccepted) {
    const Outcome outcome = read_whole(accepted.octets);
    ASSERT_FALSE(outcome.error) << accepted.name << ": " << explain(*outcome.error);
    ASSERT_EQ(outcome.messages.size(), 1U) << accepted.name;
    EXPECT_TRUE(outcome.messages[0].complete) << accepted.name;
    EXPECT_EQ(outcome.messages[0].body, accepted.body) << accepted.name;
    EXPECT_EQ(outcome.phase, Phase::Idle) << accepted.name;
  }
}

TEST(RequestParser, ReadsTheSameHoweverTheOctetsAreCut) {
  std::string all;
  for (const Accepted& accepted : kAccepted) {
    EXPECT_EQ(difference_by_cuts(accepted.octets), std::nullopt) << accepted.name;
    all += accepted.octets;
  }
  EXPECT_EQ(difference_by_cuts(all), std::nullopt);
  EXPECT_EQ(read_whole(all).messages.size(), kAccepted.size());
}

TEST(RequestParser, WaitsForTheRestOfATruncatedRequest) {
  for (const Accepted& accepted : kAccepted) {
    for (std::size_t length = 0; length < accepted.octets.size(); ++length) {
      const Outcome outcome = read_whole(accepted.octets.substr(0, length));
      EXPECT_FALSE(outcome.error) << accepted.name << " at " << length;
      const bool complete = !outcome.messages.empty() && outcome.messages[0].complete;
      EXPECT_FALSE(complete) << accepted.name << " at " << length;
    }
  }
}

TEST(RequestParser, TellsItsPhase) {
  const Limits limits;
  RequestParser parser(limits);
  const auto poll = [&](Bytes input) { return parser.poll(input).value(); };
  EXPECT_EQ(parser.phase(), Phase::Idle);
  EXPECT_FALSE(poll("\r\n"));
  EXPECT_EQ(parser.phase(), Phase::Idle);
  EXPECT_FALSE(poll("P"));
  EXPECT_EQ(parser.phase(), Phase::Head);
  EXPECT_TRUE(poll("OST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n"));
  EXPECT_EQ(parser.phase(), Phase::Body);
  parser.limit_body(1);
  EXPECT_FALSE(poll(""));
  EXPECT_TRUE(std::holds_alternative<BodyPiece>(*poll("x")));
  EXPECT_EQ(parser.phase(), Phase::Body);
  EXPECT_TRUE(std::holds_alternative<MessageComplete>(*poll("")));
  EXPECT_EQ(parser.phase(), Phase::Idle);
}

TEST(RequestParser, StopsBehindEachPipelinedRequest) {
  const Limits limits;
  RequestParser parser(limits);
  const Bytes second = "GET /2 HTTP/1.1\r\nHost: a\r\n\r\n";
  const std::string octets = "GET /1 HTTP/1.1\r\nHost: a\r\n\r\n" + std::string(second);
  Bytes input = octets;
  EXPECT_TRUE(std::holds_alternative<HeadComplete>(**parser.poll(input)));
  EXPECT_EQ(input, second);
  EXPECT_EQ(parser.take_head().path(), "/1");
  EXPECT_TRUE(std::holds_alternative<MessageComplete>(**parser.poll(input)));
  EXPECT_EQ(input, second);
  EXPECT_TRUE(std::holds_alternative<HeadComplete>(**parser.poll(input)));
  EXPECT_EQ(parser.take_head().path(), "/2");
}

TEST(RequestParser, LeavesTheOctetsOfAnotherProtocolBehindAnUpgrade) {
  const Limits limits;
  RequestParser parser(limits);
  Bytes input =
      "GET /ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n\x81\x80";
  ASSERT_TRUE(parser.poll(input)->has_value());
  EXPECT_TRUE(parser.take_head().upgrades_to("WebSocket"));
  EXPECT_EQ(input, "\x81\x80");
}

TEST(RequestParser, AllowsNoBodyUntilItIsToldALimit) {
  const Limits limits;
  RequestParser parser(limits);
  Bytes input = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n";
  ASSERT_TRUE(parser.poll(input)->has_value());
  EXPECT_EQ(parser.poll(input).error(), ParseError::BodyTooLarge);
}

TEST(RequestParser, RefusesABodyOverTheLimitBeforeItsFirstOctet) {
  const Limits limits;
  RequestParser parser(limits);
  Bytes input = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\n";
  ASSERT_TRUE(parser.poll(input)->has_value());
  parser.limit_body(10);
  EXPECT_EQ(parser.poll(input).error(), ParseError::BodyTooLarge);
}

TEST(RequestParser, AcceptsABodyOfExactlyTheLimit) {
  const Bytes chunked =
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
      "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n";
  const Bytes sized = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nabcde";
  for (const Bytes octets : {chunked, sized}) {
    EXPECT_FALSE(read_whole(octets, Limits(), 5).error);
    EXPECT_EQ(read_whole(octets, Limits(), 4).error, ParseError::BodyTooLarge);
  }
}

TEST(RequestParser, RepeatsItsErrorForEver) {
  const Limits limits;
  RequestParser parser(limits);
  Bytes bad = "\n";
  EXPECT_EQ(parser.poll(bad).error(), ParseError::BareLineFeed);
  Bytes good = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
  EXPECT_EQ(parser.poll(good).error(), ParseError::BareLineFeed);
  EXPECT_TRUE(good.starts_with("GET"));
}

}  // namespace
}  // namespace carillon::http1
