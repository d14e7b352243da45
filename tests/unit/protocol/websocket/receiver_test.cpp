#include "protocol/websocket/receiver.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/unit/protocol/websocket/script.hpp"

namespace carillon::websocket {
namespace {

using script::Frame;
using script::Lines;
using script::wire;

constexpr std::uint64_t kMebibyte = 1024 * 1024;

const Lines kTooBig{"error 1009 message is too big"};

Bytes payload_of(const Event& event) {
  return std::get<Message>(event).payload;
}

TEST(Receiver, PassesAWholeFrameAsAViewIntoTheInput) {
  for (const Opcode opcode : {Opcode::Text, Opcode::Binary}) {
    std::string octets = wire(Frame{.opcode = opcode, .payload = "hello"});
    std::span<char> input(octets);
    Receiver receiver(Role::Server);
    const Event event = receiver.next(input).value().value();
    EXPECT_EQ(payload_of(event), "hello");
    EXPECT_EQ(payload_of(event).data(), octets.data() + octets.size() - 5);
    EXPECT_FALSE(receiver.has_partial_input());
    EXPECT_TRUE(input.empty());
  }
}

TEST(Receiver, TakesOneEventAtATime) {
  std::string octets = wire({{.payload = "one"}, {.payload = "two"}});
  std::span<char> input(octets);
  Receiver receiver(Role::Server);
  EXPECT_EQ(payload_of(receiver.next(input).value().value()), "one");
  EXPECT_EQ(input.size(), octets.size() / 2);
  EXPECT_EQ(payload_of(receiver.next(input).value().value()), "two");
  EXPECT_FALSE(receiver.next(input).value().has_value());
}

TEST(Receiver, HoldsNothingOnceAPartialMessageIsDone) {
  const std::string octets = wire({{.payload = "first ", .is_final = false},
                                   {.opcode = Opcode::Ping, .payload = "now"},
                                   {.opcode = Opcode::Continuation, .payload = "last"}});
  Receiver receiver(Role::Server);
  Lines lines;
  for (std::size_t at = 0; at < octets.size(); ++at) {
    EXPECT_EQ(receiver.has_partial_input(), at != 0);
    script::feed(receiver, octets.substr(at, 1), lines);
  }
  EXPECT_FALSE(receiver.has_partial_input());
  EXPECT_EQ(lines, (Lines{"ping now", "text first last"}));
}

TEST(Receiver, HoldsNothingAfterAnErrorAndRepeatsIt) {
  Receiver receiver(Role::Server);
  Lines lines;
  script::feed(receiver, wire(Frame{.payload = "kept", .is_final = false}), lines);
  EXPECT_TRUE(receiver.has_partial_input());
  script::feed(receiver, wire(Frame{.payload = "wrong"}), lines);
  EXPECT_FALSE(receiver.has_partial_input());
  script::feed(receiver, wire(Frame{.payload = "never seen"}), lines);
  const std::string error = "error 1002 previous message is not finished";
  EXPECT_EQ(lines, (Lines{error, error}));
}

TEST(Receiver, SwallowsWhatFollowsAClose) {
  const std::string octets =
      wire({{.opcode = Opcode::Close, .payload = script::close_code(1000)}, {.payload = "late"}}) +
      "\xFF\xFF garbage";
  for (const std::size_t piece : {octets.size(), std::size_t{1}}) {
    EXPECT_EQ(script::run(Receiver(Role::Server), octets, piece), Lines{"close 1000 "});
  }
}

TEST(Receiver, MarksMessagesOfAnExtensionAndLeavesTheirTextToIt) {
  const std::string octets =
      wire({{.payload = "\xFF\xFE", .reserved_bits = kReservedBit1},
            {.payload = "\xFF", .is_final = false, .reserved_bits = kReservedBit1},
            {.opcode = Opcode::Continuation, .payload = "\xFE"},
            {.payload = "plain"},
            {.payload = "\xFF"}});
  const Lines expected{"text* \xFF\xFE", "text* \xFF\xFE", "text plain",
                       "error 1007 text is not UTF-8"};
  for (std::size_t piece = 1; piece <= octets.size(); ++piece) {
    EXPECT_EQ(script::run(Receiver(Role::Server, {}, kReservedBit1), octets, piece), expected);
  }
}

TEST(Receiver, RefusesAMessageOverTheLimitFromItsHeaderAlone) {
  const Limits limits{.max_message_bytes = 1000};
  const auto header = [](Opcode opcode, std::uint64_t bytes) {
    return std::string(
        EncodedFrameHeader({.opcode = opcode, .mask = script::kMask, .payload_bytes = bytes})
            .view());
  };
  const std::string start = wire(Frame{.payload = std::string(600, 'a'), .is_final = false});
  const std::string ping = wire(Frame{.opcode = Opcode::Ping, .payload = std::string(125, 'p')});
  EXPECT_EQ(script::run_whole(Receiver(Role::Server, limits), header(Opcode::Text, 1001)), kTooBig);
  EXPECT_EQ(script::run_whole(Receiver(Role::Server, limits), header(Opcode::Text, 1000)), Lines{});
  EXPECT_EQ(
      script::run_whole(Receiver(Role::Server, limits), header(Opcode::Binary, (1ULL << 63) - 1)),
      kTooBig);
  EXPECT_EQ(
      script::run_whole(Receiver(Role::Server, limits), start + header(Opcode::Continuation, 401)),
      kTooBig);
  EXPECT_EQ(
      script::run_whole(Receiver(Role::Server, limits), start + header(Opcode::Continuation, 400)),
      Lines{});
  EXPECT_EQ(script::run_whole(Receiver(Role::Server, {.max_message_bytes = 0}), ping).size(), 1U);
}

TEST(Receiver, Takes64KibibytesAndNoMoreUnlessToldSo) {
  const std::string most(64 * 1024, 'm');
  EXPECT_EQ(script::run_whole(Receiver(Role::Server), wire(Frame{.payload = most})),
            Lines{"text " + most});
  EXPECT_EQ(script::run_whole(Receiver(Role::Server), wire(Frame{.payload = most + 'm'})), kTooBig);
}

TEST(Receiver, PutsAHundredThousandFragmentsTogether) {
  std::string octets =
      wire(Frame{.opcode = Opcode::Binary, .payload = "0123456789", .is_final = false});
  const std::string next =
      wire(Frame{.opcode = Opcode::Continuation, .payload = "0123456789", .is_final = false});
  for (int count = 1; count < 100'000; ++count) octets.append(next);
  octets.append(wire(Frame{.opcode = Opcode::Continuation}));
  for (const std::size_t piece : {std::size_t{1}, std::size_t{7}, next.size(), octets.size()}) {
    const Lines lines =
        script::run(Receiver(Role::Server, {.max_message_bytes = kMebibyte}), octets, piece);
    ASSERT_EQ(lines.size(), 1U);
    EXPECT_EQ(lines[0].size(), std::string("binary ").size() + 1'000'000);
    EXPECT_TRUE(lines[0].ends_with("90123456789"));
  }
}

TEST(Receiver, BoundsTheNumberOfFragmentsEvenIfTheyAreEmpty) {
  const Limits limits{.max_fragments = 1000};
  std::string octets = wire(Frame{.is_final = false});
  const std::string empty = wire(Frame{.opcode = Opcode::Continuation, .is_final = false});
  for (int count = 1; count < 999; ++count) octets.append(empty);
  const std::string last = wire(Frame{.opcode = Opcode::Continuation, .payload = "end"});
  EXPECT_EQ(script::run_whole(Receiver(Role::Server, limits), octets + last), Lines{"text end"});
  EXPECT_EQ(script::run_whole(Receiver(Role::Server, limits), octets + empty + last),
            Lines{"error 1009 message has too many fragments"});
}

TEST(Receiver, TakesSixteenMebibytesInOneFrameOrInMany) {
  std::string payload;
  while (payload.size() < 16 * kMebibyte) payload.append("sixteen bytes ä.");
  const Limits limits{.max_message_bytes = payload.size()};
  const std::string whole = wire(Frame{.payload = payload});

  std::vector<Frame> fragments;
  for (std::size_t at = 0; at < payload.size(); at += 65'521) {
    fragments.push_back({.opcode = at == 0 ? Opcode::Text : Opcode::Continuation,
                         .payload = payload.substr(at, 65'521),
                         .is_final = at + 65'521 >= payload.size()});
  }
  for (const std::string& octets : {whole, wire(fragments)}) {
    const Lines lines = script::run(Receiver(Role::Server, limits), octets, 64 * 1024);
    ASSERT_EQ(lines.size(), 1U);
    EXPECT_TRUE(lines[0] == "text " + payload);
  }
  EXPECT_EQ(
      script::run_whole(Receiver(Role::Server, {.max_message_bytes = payload.size() - 1}), whole),
      kTooBig);
}

TEST(Receiver, CanBeMovedInTheMiddleOfAMessage) {
  const std::string octets = wire(Frame{.payload = "in two halves"});
  Lines lines;
  Receiver first(Role::Server);
  script::feed(first, octets.substr(0, 9), lines);
  Receiver second = std::move(first);
  script::feed(second, octets.substr(9), lines);
  EXPECT_EQ(lines, Lines{"text in two halves"});
}

TEST(Receiver, AsAClientTakesUnmaskedFramesOnly) {
  const std::vector<Frame> frames{{.payload = "hello"}, {.opcode = Opcode::Pong, .payload = "x"}};
  const std::string octets = wire(frames, Role::Server);
  for (std::size_t piece = 1; piece <= octets.size(); ++piece) {
    EXPECT_EQ(script::run(Receiver(Role::Client), octets, piece), (Lines{"text hello", "pong x"}));
  }
  EXPECT_EQ(script::run_whole(Receiver(Role::Client), wire(frames)),
            Lines{"error 1002 server frames must not be masked"});
  EXPECT_EQ(script::run_whole(Receiver(Role::Server), octets),
            Lines{"error 1002 client frames must be masked"});
}

}  // namespace
}  // namespace carillon::websocket
