// What ends a connection for the peer's fault, and what is no fault.
#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <string>

#include "http2_support.hpp"
#include "protocol/http2/session.hpp"

namespace carillon::http2 {
namespace {

using namespace std::chrono_literals;
using test::frame;
using test::opening;

constexpr TimePoint kStart{1h};

/// What becomes of a client that sends this: the error, and what it reads in GOAWAY.
struct Verdict {
  std::optional<ConnectionError> error;
  std::optional<std::uint32_t> code;
};
Verdict verdict_on(const std::string& octets, std::size_t piece = 1 << 16,
                   Session* given = nullptr) {
  Session own(Settings{});
  Session& session = given != nullptr ? *given : own;
  Verdict verdict;
  std::string out;
  for (std::size_t at = 0; at < octets.size() && !verdict.error; at += piece) {
    const auto taken = session.on_bytes(Bytes(octets).substr(at, piece), kStart);
    if (!taken) verdict.error = taken.error();
    while (session.poll()) {
    }
    session.produce(out, 1 << 20);
    if (session.error()) verdict.error = session.error();
  }
  FrameWalk walk;
  walk.next(kPreface);
  for (Bytes rest = out; !rest.empty();) {
    const auto step = walk.next(rest);
    rest.remove_prefix(step.bytes);
    if (step.header && step.header->type == FrameType::GoAway) {
      verdict.code = static_cast<unsigned char>(rest[7]);
    }
  }
  return verdict;
}

std::string repeated(const std::string& text, int times) {
  std::string out;
  for (int i = 0; i < times; ++i) out += text;
  return out;
}

TEST(Http2SessionFaults, HeadersForAStreamThatWasPassedOverAreAProtocolError) {
  for (const std::size_t piece : {1UL, 1UL << 16}) {
    const Verdict verdict = verdict_on(opening() + test::get(5) + test::get(3), piece);
    EXPECT_EQ(verdict.error, ConnectionError::UnexpectedStream);
    EXPECT_EQ(verdict.code, 1U);
  }
  EXPECT_EQ(verdict_on(opening() + test::get(2)).error, ConnectionError::UnexpectedStream);
  EXPECT_EQ(verdict_on(opening() + test::get(1) + test::get(3)).error, std::nullopt);
}

TEST(Http2SessionFaults, WhoHasEndedAStreamHasNothingToSayOnIt) {
  const std::string cancel = frame(FrameType::ResetStream, 0, 1, Bytes("\0\0\0\x08", 4));
  const std::string begun = opening() + frame(FrameType::Headers, kEndHeaders, 1, test::kGet);
  for (const std::string& more : {frame(FrameType::Data, 0, 1, "x"), test::get(1)}) {
    const Verdict verdict = verdict_on(begun + cancel + more);
    EXPECT_EQ(verdict.error, ConnectionError::ClosedStream);
    EXPECT_EQ(verdict.code, 5U);
  }
  EXPECT_EQ(
      verdict_on(begun + cancel + frame(FrameType::WindowUpdate, 0, 1, Bytes("\0\1\0\0", 4))).error,
      std::nullopt);
}

TEST(Http2SessionFaults, FramesForAStreamThatWeHaveResetMayBeUnderWay) {
  Session session(Settings{});
  ASSERT_TRUE(
      session.on_bytes(opening() + frame(FrameType::Headers, kEndHeaders, 1, test::kGet), kStart));
  session.reset(1, ErrorCode::Cancel);
  std::string out;
  while (session.produce(out, 1 << 20)) {
  }
  EXPECT_TRUE(session.on_bytes(frame(FrameType::Data, 0, 1, "late"), kStart));
  EXPECT_TRUE(session.on_bytes(test::get(3), kStart));
}

TEST(Http2SessionFaults, StreamsThatAreRefusedUnreadAreAFlood) {
  Session session({.streams = 1});
  std::string octets = opening();
  for (std::uint32_t stream = 1; stream < 4000; stream += 2) octets += test::get(stream);
  const auto taken = session.on_bytes(octets, kStart);  // nothing is produced: nobody reads
  ASSERT_FALSE(taken);
  EXPECT_EQ(taken.error(), ConnectionError::ResetFlood);
}

TEST(Http2SessionFaults, TellsWhetherAHeaderSectionIsUnderWay) {
  Session session(Settings{});
  const auto after = [&session](Bytes octets) {
    EXPECT_TRUE(session.on_bytes(octets, kStart));
    return session.awaits_head();
  };
  EXPECT_TRUE(session.awaits_head()) << "the preface";
  EXPECT_FALSE(after(opening()));
  const std::string request = test::get(1);
  EXPECT_TRUE(after(Bytes(request).substr(0, 5)));
  EXPECT_TRUE(after(Bytes(request).substr(5, 6)));
  EXPECT_FALSE(after(Bytes(request).substr(11)));
  EXPECT_TRUE(after(frame(FrameType::Headers, 0, 3, test::kGet)));
  EXPECT_FALSE(after(frame(FrameType::Continuation, kEndHeaders, 3, "")));
}

TEST(Http2SessionFaults, TrailersAreNoNewRequest) {
  const std::string octets =
      opening() + frame(FrameType::Headers, kEndHeaders, 1, test::kGet) +
      frame(FrameType::Data, 0, 1, "body") +
      frame(FrameType::Headers, kEndHeaders | kEndStream, 1, Bytes("\x40\x01x\x01y", 5));
  Session session(Settings{});
  ASSERT_TRUE(session.on_bytes(octets, kStart));
  EXPECT_TRUE(std::holds_alternative<HeadReceived>(*session.poll()));
  EXPECT_TRUE(std::holds_alternative<BodyReceived>(*session.poll()));
  EXPECT_TRUE(std::holds_alternative<RequestEnded>(*session.poll()));
  EXPECT_FALSE(session.poll());
}

TEST(Http2SessionFaults, AWrongPrefaceIsTold) {
  EXPECT_EQ(verdict_on("GET / HTTP/1.1\r\nHost: a\r\n\r\n").error, ConnectionError::WrongPreface);
  EXPECT_EQ(verdict_on(std::string(100, '\0'), 1).error, ConnectionError::WrongPreface);
}

TEST(Http2SessionFaults, BrokenFramesEndIt) {
  for (const std::string& bad :
       {frame(FrameType::Settings, 0, 0, "12345"), frame(FrameType::Ping, 0, 0, "short"),
        frame(FrameType::Data, 0, 0, "x"), frame(FrameType::Headers, 4, 1, "\xff\xff\xff\xff\xff"),
        frame(FrameType::WindowUpdate, 0, 0, Bytes("\0\0\0\0", 4)),
        frame(FrameType::Continuation, 4, 1, ""), frame(FrameType::PushPromise, 4, 1, "1234")}) {
    EXPECT_EQ(verdict_on(opening() + bad).error, ConnectionError::BrokenRules);
  }
}

TEST(Http2SessionFaults, RapidResetsAreAFlood) {
  std::string octets = opening();
  for (std::uint32_t stream = 1; stream < 4000; stream += 2) {
    octets += test::get(stream) + frame(FrameType::ResetStream, 0, stream, Bytes("\0\0\0\x08", 4));
  }
  const Verdict verdict = verdict_on(octets);
  EXPECT_EQ(verdict.error, ConnectionError::ResetFlood);
  EXPECT_EQ(verdict.code, 11U);
}

TEST(Http2SessionFaults, ResetsThatOurSideIsMadeToSendAreOneToo) {
  std::string octets = opening();
  for (std::uint32_t stream = 1; stream < 8000; stream += 2) {
    // A field name in capitals.
    octets += frame(FrameType::Headers, kEndHeaders | kEndStream, stream,
                    std::string(test::kGet) + std::string("\x00\x01X\x01y", 5));
  }
  EXPECT_EQ(verdict_on(octets, 4096).error, ConnectionError::ResetFlood);
}

TEST(Http2SessionFaults, FramesThatCarryNothingAreAFlood) {
  const std::string open_stream = frame(FrameType::Headers, kEndHeaders, 1, test::kGet);
  for (const std::string& idle :
       {frame(FrameType::Settings, 0, 0, ""), frame(FrameType::Ping, 0, 0, "12345678"),
        frame(FrameType::Data, 0, 1, ""), frame(FrameType::Priority, 0, 1, Bytes("\0\0\0\0\0", 5)),
        frame(static_cast<FrameType>(0x77), 0, 0, ""),
        frame(FrameType::WindowUpdate, 0, 1, Bytes("\0\0\0\x01", 4))}) {
    const Verdict verdict = verdict_on(opening() + open_stream + repeated(idle, 3000), 1024);
    EXPECT_EQ(verdict.error, ConnectionError::ControlFlood) << static_cast<int>(idle[3]);
    EXPECT_EQ(verdict.code, 11U);
    EXPECT_EQ(verdict_on(opening() + open_stream + repeated(idle, 500), 1024).error, std::nullopt);
  }
}

TEST(Http2SessionFaults, AnswersThatNobodyReadsAreNotPiledUp) {
  Session session(Settings{});
  const auto taken =
      session.on_bytes(opening() + repeated(frame(FrameType::Ping, 0, 0, "12345678"), 900), kStart);
  ASSERT_FALSE(taken);
  EXPECT_EQ(taken.error(), ConnectionError::Unread);
}

TEST(Http2SessionFaults, AHeaderSectionWithoutAnEndIsAFlood) {
  std::string octets = opening() + frame(FrameType::Headers, 0, 1, test::kGet);
  octets += repeated(frame(FrameType::Continuation, 0, 1, ""), 20);
  EXPECT_EQ(verdict_on(octets).error, ConnectionError::ContinuationFlood);
}

TEST(Http2SessionFaults, TheAllowanceFillsWithTime) {
  Session session(Settings{});
  ASSERT_TRUE(session.on_bytes(opening(), kStart));
  std::string out;
  for (int second = 0; second < 100; ++second) {
    const auto taken = session.on_bytes(repeated(frame(FrameType::Ping, 0, 0, "12345678"), 60),
                                        kStart + std::chrono::seconds(second));
    ASSERT_TRUE(taken) << second;
    session.produce(out, 1 << 20);
  }
}

TEST(Http2SessionFaults, AnErrorIsFinal) {
  Session session(Settings{});
  EXPECT_FALSE(session.on_bytes("nonsense that is long enough", kStart));
  EXPECT_FALSE(session.on_bytes(opening(), kStart));
  std::string out;
  while (session.produce(out, 1 << 20)) {
  }
  EXPECT_FALSE(session.poll());
}

}  // namespace
}  // namespace carillon::http2
