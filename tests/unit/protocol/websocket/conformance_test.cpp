// What a public conformance suite tries on a server, as vectors: each is delivered whole,
// cut in two at every byte, and byte by byte, and must give the same events every time.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/unit/protocol/websocket/script.hpp"

namespace carillon::websocket {
namespace {

using namespace std::string_literals;
using script::Frame;
using script::Lines;
using script::wire;

constexpr Limits kLimits{.max_message_bytes = 1 << 20};

const std::string kReserved = "error 1002 reserved bits are set";
const std::string kUnknown = "error 1002 unknown opcode";
const std::string kNothingToContinue = "error 1002 nothing to continue";
const std::string kNotFinished = "error 1002 previous message is not finished";
const std::string kNotUtf8 = "error 1007 text is not UTF-8";

Frame text(const std::string& payload) {
  return {.opcode = Opcode::Text, .payload = payload};
}
Frame start(const std::string& payload, Opcode opcode = Opcode::Text) {
  return {.opcode = opcode, .payload = payload, .is_final = false};
}
Frame more(const std::string& payload) {
  return {.opcode = Opcode::Continuation, .payload = payload, .is_final = false};
}
Frame last(const std::string& payload) {
  return {.opcode = Opcode::Continuation, .payload = payload};
}
Frame ping(const std::string& payload) {
  return {.opcode = Opcode::Ping, .payload = payload};
}
Frame pong(const std::string& payload) {
  return {.opcode = Opcode::Pong, .payload = payload};
}
Frame close(const std::string& payload) {
  return {.opcode = Opcode::Close, .payload = payload};
}

Frame with_bits(Frame frame, ReservedBits bits) {
  frame.reserved_bits = bits;
  return frame;
}

void expect_everywhere(const std::string& octets, const Lines& expected) {
  const auto run = [&](std::size_t piece, std::size_t first = 0) {
    return script::run(Receiver(Role::Server, kLimits), octets, piece, first);
  };
  ASSERT_EQ(run(octets.size()), expected);
  ASSERT_EQ(run(1), expected);
  for (const std::size_t piece : {2U, 3U, 5U, 16U, 997U}) ASSERT_EQ(run(piece), expected);
  // All cuts of what is short; of what is long, those around the headers and at odd places.
  for (std::size_t cut = 1; cut < octets.size(); cut += cut < 600 ? 1 : 4099) {
    ASSERT_EQ(run(octets.size(), cut), expected) << "cut at " << cut;
  }
}

void expect_everywhere(const std::vector<Frame>& frames, const Lines& expected) {
  expect_everywhere(wire(frames), expected);
}

TEST(Conformance, FramingTakesEveryLength) {
  for (const std::size_t size : {0U, 1U, 125U, 126U, 127U, 128U, 65535U, 65536U}) {
    const std::string payload(size, '*');
    expect_everywhere({text(payload)}, {"text " + payload});
    expect_everywhere({{.opcode = Opcode::Binary, .payload = payload}}, {"binary " + payload});
  }
}

TEST(Conformance, PingsAreSeenInOrderAndPongsAreHarmless) {
  expect_everywhere({ping("")}, {"ping "});
  expect_everywhere({ping("\x00\xFF\xFE\xFD\xFC\xFB\x00\xFF"s)},
                    {"ping \x00\xFF\xFE\xFD\xFC\xFB\x00\xFF"s});
  expect_everywhere({ping(std::string(125, '\xFE'))}, {"ping " + std::string(125, '\xFE')});
  expect_everywhere({pong("")}, {"pong "});
  expect_everywhere({pong("unasked"), ping("then")}, {"pong unasked", "ping then"});

  std::vector<Frame> frames;
  Lines expected;
  for (int number = 0; number < 10; ++number) {
    frames.push_back(ping("payload-" + std::to_string(number)));
    expected.push_back("ping payload-" + std::to_string(number));
  }
  expect_everywhere(frames, expected);
}

TEST(Conformance, ControlFramesOver125BytesFail) {
  const std::string tail(126, '\xFE');
  for (const char opcode : {'\x88', '\x89', '\x8A'}) {
    expect_everywhere(opcode + "\xFE\x00\x7E\x01\x02\x03\x04"s + tail,
                      {"error 1002 control frame is over 125 bytes"});
  }
}

TEST(Conformance, ReservedBitsFailAtOnce) {
  for (ReservedBits bits = 0x10; bits <= 0x70; bits = static_cast<ReservedBits>(bits + 0x10)) {
    expect_everywhere({with_bits(text("hi"), bits)}, {kReserved});
    expect_everywhere({text("first"), with_bits(text("second"), bits), ping("")},
                      {"text first", kReserved});
    expect_everywhere({with_bits({.opcode = Opcode::Binary, .payload = "\x01\xFF"}, bits)},
                      {kReserved});
    expect_everywhere({with_bits(ping("p"), bits)}, {kReserved});
    expect_everywhere({with_bits(pong("p"), bits)}, {kReserved});
    expect_everywhere({with_bits(close(script::close_code(1000)), bits)}, {kReserved});
    expect_everywhere({start("a"), with_bits(last("b"), bits)}, {kReserved});
  }
}

TEST(Conformance, ReservedOpcodesFailAtOnce) {
  for (const unsigned number : {3U, 4U, 5U, 6U, 7U, 11U, 12U, 13U, 14U, 15U}) {
    for (const std::string& payload : {""s, "reserved opcode payload"s}) {
      const Frame strange{.opcode = static_cast<Opcode>(number), .payload = payload};
      expect_everywhere({strange}, {kUnknown});
      expect_everywhere({text("first"), strange, ping("")}, {"text first", kUnknown});
      expect_everywhere({start("first"), strange, ping("")}, {kUnknown});
    }
  }
}

TEST(Conformance, FragmentsBecomeOneMessage) {
  expect_everywhere({start("frag"), last("ment")}, {"text fragment"});
  expect_everywhere({start("frag", Opcode::Binary), more("me"), last("nt")}, {"binary fragment"});
  expect_everywhere({start(""), more(""), last("")}, {"text "});
  expect_everywhere({start(""), more("middle"), last("")}, {"text middle"});
  expect_everywhere({start("a"), last("b"), start("c"), last("d"), text("e")},
                    {"text ab", "text cd", "text e"});
}

TEST(Conformance, ControlFramesComeThroughBetweenFragments) {
  expect_everywhere({start("one"), ping("p1"), more("two"), pong("p2"), ping("p3"), last("three")},
                    {"ping p1", "pong p2", "ping p3", "text onetwothree"});
  expect_everywhere({start("one"), more("two"), close(script::close_code(1000)), last("three")},
                    {"close 1000 "});
}

TEST(Conformance, ControlFramesInFragmentsFail) {
  for (const Opcode opcode : {Opcode::Close, Opcode::Ping, Opcode::Pong}) {
    expect_everywhere({start("frag", opcode), last("ment")},
                      {"error 1002 control frame is fragmented"});
  }
}

TEST(Conformance, FragmentsOutOfOrderFail) {
  expect_everywhere({last("alone")}, {kNothingToContinue});
  expect_everywhere({more("alone"), text("hi")}, {kNothingToContinue});
  expect_everywhere({text("hi"), last("after")}, {"text hi", kNothingToContinue});
  expect_everywhere({start("a"), last("b"), last("c")}, {"text ab", kNothingToContinue});
  expect_everywhere({start("a"), text("b")}, {kNotFinished});
  expect_everywhere({start("a"), start("b"), last("c")}, {kNotFinished});
  expect_everywhere({start("a", Opcode::Binary), ping("p"), text("b")}, {"ping p", kNotFinished});
}

TEST(Conformance, UnmaskedFramesFail) {
  expect_everywhere(wire(text("hi"), Role::Server), {"error 1002 client frames must be masked"});
}

TEST(Conformance, LengthsThatAreNotMinimalOrHave64BitsFail) {
  expect_everywhere("\x81\xFE\x00\x01\x01\x02\x03\x04x"s,
                    {"error 1002 frame length is not minimal"});
  expect_everywhere("\x81\xFF\0\0\0\0\0\0\x01\x00\x01\x02\x03\x04"s,
                    {"error 1002 frame length is not minimal"});
  expect_everywhere("\x81\xFF\x80\0\0\0\0\0\0\0\x01\x02\x03\x04"s,
                    {"error 1002 frame length is over 63 bits"});
}

TEST(Conformance, ValidTextOfAllPlanesComesThrough) {
  for (const std::string& sample :
       {"\xCE\xBA\xE1\xBD\xB9\xCF\x83\xCE\xBC\xCE\xB5"s, "\x00"s, "\x7F"s, "\xC2\x80"s, "\xDF\xBF"s,
        "\xE0\xA0\x80"s, "\xED\x9F\xBF"s, "\xEE\x80\x80"s, "\xEF\xBF\xBD"s, "\xEF\xBF\xBE"s,
        "\xEF\xBF\xBF"s, "\xF0\x90\x80\x80"s, "\xF4\x8F\xBF\xBF"s, "Hello-µ@ßöäüàá-UTF-8!!"s}) {
    expect_everywhere({text(sample)}, {"text " + sample});
    std::vector<Frame> octets{start("")};
    for (const char octet : sample) octets.push_back(more({octet}));
    octets.push_back(last(""));
    expect_everywhere(octets, {"text " + sample});
  }
}

TEST(Conformance, InvalidTextFails) {
  for (const std::string& sample : {"\x80"s,
                                    "\xBF"s,
                                    "\x80\xBF\x80"s,
                                    "\xC0\xAF"s,
                                    "\xC1\xBF"s,
                                    "\xE0\x80\xAF"s,
                                    "\xE0\x9F\xBF"s,
                                    "\xF0\x80\x80\xAF"s,
                                    "\xF0\x8F\xBF\xBF"s,
                                    "\xF8\x88\x80\x80\x80"s,
                                    "\xFC\x84\x80\x80\x80\x80"s,
                                    "\xED\xA0\x80"s,
                                    "\xED\xBF\xBF"s,
                                    "\xED\xA0\x80\xED\xB0\x80"s,
                                    "\xF4\x90\x80\x80"s,
                                    "\xF5\x80\x80\x80"s,
                                    "\xF7\xBF\xBF\xBF"s,
                                    "\xFE"s,
                                    "\xFF"s,
                                    "\xFE\xFE\xFF\xFF"s,
                                    "\xC2 "s,
                                    "\xE2\x82 "s,
                                    "\xF0\x9F\x94 "s}) {
    const std::string around = "\xCE\xBA" + sample + "edited";
    expect_everywhere({text(around)}, {kNotUtf8});
    expect_everywhere({start("\xCE\xBA"), more(sample), last("edited")}, {kNotUtf8});
    expect_everywhere({{.opcode = Opcode::Binary, .payload = around}}, {"binary " + around});
  }
}

TEST(Conformance, TextThatEndsInsideACharacterFails) {
  for (const std::string& sample :
       {"\xCE"s, "\xE1"s, "\xE1\xBD"s, "\xF0"s, "\xF0\x9F"s, "\xF0\x9F\x94"s}) {
    expect_everywhere({text("k" + sample)}, {kNotUtf8});
    expect_everywhere({start("k" + sample), last("")}, {kNotUtf8});
    expect_everywhere({start("k"), last(sample)}, {kNotUtf8});
  }
}

/// How many octets of a message go in before it fails.
std::size_t octets_until_failure(const std::string& octets) {
  Receiver receiver(Role::Server);
  Lines lines;
  for (std::size_t count = 0; count < octets.size(); ++count) {
    if (!script::feed(receiver, octets.substr(count, 1), lines)) return count + 1;
  }
  return 0;
}

TEST(Conformance, InvalidTextFailsAtItsFirstWrongOctetInsideFragmentsAndFrames) {
  const std::string good = "\xCE\xBA\xE1\xBD\xB9\xCF\x83\xCE\xBC\xCE\xB5";
  const std::string bad = "\xF4\x90\x80\x80";  // wrong at its second octet: above U+10FFFF
  const std::string rest = "edited";
  constexpr std::size_t kHeaderBytes = 6;
  EXPECT_EQ(octets_until_failure(wire(text(good + bad + rest))), kHeaderBytes + good.size() + 2);
  EXPECT_EQ(octets_until_failure(wire({start(good), more(bad), last(rest)})),
            kHeaderBytes + good.size() + kHeaderBytes + 2);
  EXPECT_EQ(octets_until_failure(wire({start(good + "\xF4"), more("\x90"), last(rest)})),
            kHeaderBytes + good.size() + 1 + kHeaderBytes + 1);
}

TEST(Conformance, CloseFramesShowTheirCodeAndReason) {
  expect_everywhere({close("")}, {"close 1005 "});
  for (const unsigned code : {1000U, 1001U, 1002U, 1003U, 1007U, 1008U, 1009U, 1010U, 1011U, 1012U,
                              1013U, 1014U, 3000U, 3999U, 4000U, 4999U}) {
    expect_everywhere({close(script::close_code(code))}, {"close " + std::to_string(code) + " "});
  }
  const std::string longest(123, 'r');
  expect_everywhere({close(script::close_code(1000) + longest)}, {"close 1000 " + longest});
  expect_everywhere({text("hi"), close(script::close_code(1000) + "bye"), text("no"), ping("no")},
                    {"text hi", "close 1000 bye"});
  expect_everywhere({close(script::close_code(1000)), close(script::close_code(1001))},
                    {"close 1000 "});
}

TEST(Conformance, BadCloseFramesFail) {
  expect_everywhere({close("a")}, {"error 1002 close payload is one byte"});
  for (const unsigned code :
       {0U, 1U, 999U, 1004U, 1005U, 1006U, 1015U, 1016U, 1100U, 2000U, 2999U, 5000U, 65535U}) {
    expect_everywhere({close(script::close_code(code))}, {"error 1002 invalid close code"});
    expect_everywhere({close(script::close_code(code) + "why")}, {"error 1002 invalid close code"});
  }
  expect_everywhere({close(script::close_code(1000) + "\xCE\xBA\xED\xA0\x80")}, {kNotUtf8});
  expect_everywhere("\x88\xFE\x00\x7E\x01\x02\x03\x04"s,
                    {"error 1002 control frame is over 125 bytes"});
}

TEST(Conformance, ManySmallMessagesInOneReadComeOutInOrder) {
  std::vector<Frame> frames;
  Lines expected;
  for (int number = 0; number < 60; ++number) {
    frames.push_back(text(std::to_string(number)));
    expected.push_back("text " + std::to_string(number));
  }
  expect_everywhere(frames, expected);
}

}  // namespace
}  // namespace carillon::websocket
