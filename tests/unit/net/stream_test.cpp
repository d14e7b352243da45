#include "net/stream.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <stdexcept>

#include "net_support.hpp"

namespace carillon::net {
namespace {

using namespace std::chrono_literals;
using test::Client;
using test::Heard;
using test::OneStream;
using test::recording;
using test::tcp_pair;
using test::unix_pair;

constexpr int kSmallBuffer = 4096;

TEST(StreamTest, IsSmall) {
  EXPECT_LE(sizeof(Stream), 104U);
}

TEST(StreamTest, BytesComeAndGo) {
  OneStream one(tcp_pair());
  one.client.write("hello");
  ASSERT_TRUE(one.run_until([&] { return one.heard.bytes == "hello"; }));
  one.stream().send(Bytes("wor"));
  one.stream().send(SharedBytes("ld"));
  EXPECT_EQ(one.stream().outbox_bytes(), 5U);
  ASSERT_TRUE(one.read_until([&] { return one.client.received() == "world"; }));
  EXPECT_EQ(one.stream().outbox_bytes(), 0U);
  EXPECT_EQ(one.reactor.probe().sends, 1U);
}

TEST(StreamTest, ReceivedBytesMayBeChangedInPlace) {
  OneStream one(tcp_pair(), {}, {.on_bytes = [](std::span<char> octets) {
                  for (char& octet : octets) octet = 'x';
                }});
  one.client.write("abc");
  ASSERT_TRUE(one.run_until([&] { return one.heard.calls_with_bytes == 1; }));
}

TEST(StreamTest, NothingIsWrittenInsideSend) {
  OneStream one(tcp_pair());
  one.stream().send(Bytes("x"));
  one.client.read_some();
  EXPECT_EQ(one.client.received(), "");
}

TEST(StreamTest, AReaderThatStopsMakesItCongestedAndOneThatGoesOnDrainsIt) {
  OneStream one(tcp_pair(kSmallBuffer));
  std::string sent;
  for (int index = 0; index < 64; ++index) {
    sent += std::string(10'000, static_cast<char>('a' + index % 26));
  }
  for (std::size_t at = 0; at < sent.size(); at += 10'000) {
    one.stream().send(SharedBytes(sent.substr(at, 10'000)));
  }
  ASSERT_TRUE(one.run_until([&] { return one.stream().congested(); }));
  EXPECT_GT(one.stream().outbox_bytes(), 0U);
  EXPECT_EQ(one.heard.drains, 0);
  one.stream().send(Bytes("the end"));
  sent += "the end";
  ASSERT_TRUE(one.read_until([&] { return one.client.received().size() == sent.size(); }));
  EXPECT_EQ(one.client.received(), sent);
  ASSERT_TRUE(one.run_until([&] { return one.heard.drains == 1; }));
  EXPECT_FALSE(one.stream().congested());
}

TEST(StreamTest, AnUncongestedFlushDoesNotCallOnDrained) {
  OneStream one(tcp_pair());
  one.stream().send(Bytes("x"));
  ASSERT_TRUE(one.read_until([&] { return one.client.received() == "x"; }));
  EXPECT_EQ(one.heard.drains, 0);
}

TEST(StreamTest, MoreThanOneSendTakesIsSentInSeveral) {
  OneStream one(unix_pair());
  const std::string large(8 * limits::kBytesPerSend + 1, 'x');
  one.stream().send(SharedBytes(large));
  for (int index = 0; index < 500; ++index) one.stream().send(SharedBytes("y"));
  ASSERT_TRUE(one.read_until([&] { return one.client.received().size() == large.size() + 500; }));
}

TEST(StreamTest, APeerThatTakesNothingForTheTimeLimitIsCutOff) {
  OneStream one(tcp_pair(kSmallBuffer), {.write_time_limit = 30ms});
  one.stream().send(SharedBytes(std::string(1'000'000, 'x')));
  ASSERT_TRUE(one.run_until([&] { return one.heard.closed.has_value(); }));
  EXPECT_EQ(one.heard.closed, CloseCause::WriteTimeout);
  EXPECT_TRUE(one.gone());
  EXPECT_EQ(one.reactor.find(one.handle), nullptr);
}

TEST(StreamTest, APeerThatTookAllInTimeIsNotCutOffLater) {
  OneStream one(tcp_pair(kSmallBuffer), {.write_time_limit = 500ms});
  const std::string text(100'000, 'x');
  one.stream().send(SharedBytes(text));
  ASSERT_TRUE(one.run_until([&] { return one.stream().congested(); }));
  ASSERT_TRUE(one.read_until([&] { return one.heard.drains == 1; }));
  bool limit_has_passed = false;
  one.reactor.after(600ms, [&] { limit_has_passed = true; });
  ASSERT_TRUE(one.run_until([&] { return limit_has_passed; }));
  EXPECT_FALSE(one.heard.closed);
  EXPECT_NE(one.reactor.find(one.handle), nullptr);
}

TEST(StreamTest, TheWriteTimeLimitHoldsAfterCloseToo) {
  OneStream one(tcp_pair(kSmallBuffer), {.write_time_limit = 30ms});
  one.stream().send(SharedBytes(std::string(1'000'000, 'x')));
  one.stream().close();
  ASSERT_TRUE(one.run_until([&] { return one.gone(); }));
  EXPECT_FALSE(one.heard.closed);
  const auto cause = static_cast<std::size_t>(CloseCause::WriteTimeout);
  EXPECT_EQ(one.reactor.probe().streams_closed[cause], 1U);
}

TEST(StreamTest, PausedReadingHoldsBytesBackUntilResumed) {
  OneStream one(tcp_pair());
  one.stream().pause_reading();
  one.reactor.run_once(0ms);
  one.client.write("later");
  one.reactor.run_once(5ms);
  one.reactor.run_once(0ms);
  EXPECT_EQ(one.heard.bytes, "");
  one.stream().resume_reading();
  ASSERT_TRUE(one.run_until([&] { return one.heard.bytes == "later"; }));
}

TEST(StreamTest, PauseAndResumeInOneTickLoseNothing) {
  OneStream one(tcp_pair(), {}, {.on_bytes = [&](std::span<char>) {
                  one.stream().pause_reading();
                  one.stream().resume_reading();
                }});
  one.client.write("a");
  ASSERT_TRUE(one.run_until([&] { return one.heard.bytes == "a"; }));
  one.client.write("b");
  ASSERT_TRUE(one.run_until([&] { return one.heard.bytes == "ab"; }));
}

// --- The peer's end -----------------------------------------------------------------------------

TEST(StreamTest, APeerThatEndsItsSideIsToldOnceAndMayStillBeSentTo) {
  OneStream one(tcp_pair());
  one.client.write("request");
  one.client.end_output();
  ASSERT_TRUE(one.run_until([&] { return one.heard.ends == 1; }));
  EXPECT_EQ(one.heard.bytes, "request");
  for (int tick = 0; tick < 5; ++tick) one.reactor.run_once(0ms);
  EXPECT_EQ(one.heard.ends, 1);
  one.stream().send(Bytes("answer"));
  one.stream().close();
  ASSERT_TRUE(one.read_until([&] { return one.client.ended(); }));
  EXPECT_EQ(one.client.received(), "answer");
  EXPECT_TRUE(one.gone());
}

TEST(StreamTest, AHalfOpenStreamDoesNotSpin) {
  OneStream one(tcp_pair());
  one.client.end_output();
  ASSERT_TRUE(one.run_until([&] { return one.heard.ends == 1; }));
  one.reactor.run_once(0ms);
  // With nothing to watch for, the wait lasts until the timer and is not cut short.
  bool fired = false;
  one.reactor.after(30ms, [&] { fired = true; });
  int ticks = 0;
  for (; !fired && ticks < 100; ++ticks) one.reactor.run_once(1h);
  EXPECT_LE(ticks, 5);
}

TEST(StreamTest, AResetIsTold) {
  OneStream one(tcp_pair());
  one.client.close_with_reset();
  ASSERT_TRUE(one.run_until([&] { return one.heard.closed.has_value(); }));
  EXPECT_EQ(one.heard.closed, CloseCause::Reset);
  EXPECT_TRUE(one.run_until([&] { return one.heard.destroyed == 1; }));
}

TEST(StreamTest, AResetIsToldWhileReadingIsPaused) {
  OneStream one(tcp_pair());
  one.stream().pause_reading();
  one.reactor.run_once(0ms);
  one.client.close_with_reset();
  ASSERT_TRUE(one.run_until([&] { return one.heard.closed.has_value(); }));
}

TEST(StreamTest, LastWordsBeforeAResetAreHeardEvenIfSendingFailsFirst) {
  OneStream one(tcp_pair());
  bool sent = false;
  one.reactor.run_once(0ms);
  // Arrives after the tick has polled and before it flushes.
  one.reactor.defer([&] {
    one.client.write("last words");
    one.client.close_with_reset();
    one.stream().send(Bytes("too late"));
    sent = true;
  });
  ASSERT_TRUE(one.run_until([&] { return one.heard.closed.has_value(); }));
  EXPECT_TRUE(sent);
  EXPECT_EQ(one.heard.bytes, "last words");
  EXPECT_EQ(one.heard.closed, CloseCause::Reset);
}

TEST(StreamTest, APeerThatGoesAfterItsEndIsNoticedWhenWeSend) {
  OneStream one(tcp_pair());
  one.client.close();
  ASSERT_TRUE(one.run_until([&] { return one.heard.ends == 1; }));
  ASSERT_TRUE(one.run_until([&] {
    if (!one.heard.closed) one.stream().send(Bytes("x"));
    return one.heard.closed.has_value();
  }));
  EXPECT_EQ(one.heard.closed, CloseCause::PeerClosed);
}

TEST(StreamTest, AUnixPeerThatGoesAfterItsEndIsNoticed) {
  OneStream one(unix_pair());
  one.client.close();
  ASSERT_TRUE(one.run_until([&] { return one.heard.closed.has_value(); }));
  EXPECT_EQ(one.heard.ends, 1);
  EXPECT_EQ(one.heard.closed, CloseCause::PeerClosed);
}

TEST(StreamTest, AUnixPeerThatGoesWhileReadingIsPausedLosesNoLastWords) {
  OneStream one(unix_pair());
  one.stream().pause_reading();
  one.reactor.run_once(0ms);
  one.client.write("last words");
  one.client.close();
  for (int tick = 0; tick < 5; ++tick) one.reactor.run_once(0ms);
  EXPECT_FALSE(one.heard.closed);
  one.stream().resume_reading();
  ASSERT_TRUE(one.run_until([&] { return one.heard.ends == 1; }));
  EXPECT_EQ(one.heard.bytes, "last words");
}

// --- Our own end --------------------------------------------------------------------------------

TEST(StreamTest, CloseDeliversTheLastOctetToAPeerThatIsStillSending) {
  OneStream one(tcp_pair(kSmallBuffer));
  const std::string answer(300'000, 'x');
  one.stream().send(SharedBytes(answer));
  one.stream().close();
  EXPECT_EQ(one.reactor.find(one.handle), nullptr);
  ASSERT_TRUE(one.read_until([&] {
    one.client.write(std::string(1000, 'y'));  // unread input would turn our close into a reset
    return one.client.ended();
  }));
  EXPECT_EQ(one.client.received().size(), answer.size());
  EXPECT_EQ(one.client.error(), 0);
  one.client.close();
  EXPECT_TRUE(one.run_until([&] { return one.gone(); }));
  EXPECT_EQ(one.heard.bytes, "");
}

TEST(StreamTest, InputThatIsUnreadAtTheEndDoesNotTurnItIntoAReset) {
  OneStream one(tcp_pair());
  one.reactor.run_once(0ms);
  // Comes after the tick has read and before it ends the stream.
  one.reactor.defer([&] {
    one.stream().send(Bytes("answer"));
    one.stream().close();
    one.client.write("unread");
  });
  ASSERT_TRUE(one.read_until([&] { return one.client.ended() || one.client.error() != 0; }));
  EXPECT_EQ(one.client.received(), "answer");
  EXPECT_EQ(one.client.error(), 0);
}

TEST(StreamTest, ALingeringCloseEndsWhenThePeerDoesNot) {
  OneStream one(tcp_pair(), {.linger_time = 20ms});
  one.stream().close();
  ASSERT_TRUE(one.run_until([&] { return one.gone(); }));
  EXPECT_FALSE(one.heard.closed);
}

TEST(StreamTest, AbortResetsThePeer) {
  OneStream one(tcp_pair());
  one.stream().abort();
  EXPECT_TRUE(one.gone());
  ASSERT_TRUE(one.read_until([&] { return one.client.error() != 0; }));
  EXPECT_EQ(one.client.error(), ECONNRESET);
}

TEST(StreamTest, AfterCloseEveryCallIsQuietAndTheHandlerGoesAfterTheTick) {
  OneStream one(tcp_pair());
  Stream& stream = one.stream();
  Heard late;
  one.reactor.defer([&] {
    stream.close();
    stream.close();
    stream.send(Bytes("x"));
    stream.send(SharedBytes("x"));
    stream.pause_reading();
    stream.resume_reading();
    stream.set_deadline(one.reactor.now());
    stream.replace_handler(recording(late));
    EXPECT_EQ(stream.outbox_bytes(), 0U);
    EXPECT_EQ(one.heard.destroyed, 0);
    EXPECT_EQ(late.destroyed, 0);
    EXPECT_EQ(one.reactor.find(one.handle), nullptr);
  });
  one.reactor.run_once(0ms);
  EXPECT_EQ(one.heard.destroyed, 1);
  EXPECT_EQ(late.destroyed, 1);
  one.client.write("ignored");
  ASSERT_TRUE(one.read_until([&] { return one.client.ended(); }));
  EXPECT_EQ(one.client.received(), "");
  one.client.close();
  ASSERT_TRUE(one.run_until([&] { return one.gone(); }));
  EXPECT_EQ(one.heard.calls_with_bytes + one.heard.ends + one.heard.deadlines, 0);
  EXPECT_FALSE(one.heard.closed);
}

TEST(StreamTest, AbortAfterCloseEndsItAtOnce) {
  OneStream one(tcp_pair());
  Stream& stream = one.stream();
  stream.close();
  stream.abort();
  stream.abort();
  EXPECT_TRUE(one.gone());
}

// --- Take-over ----------------------------------------------------------------------------------

TEST(StreamTest, ANewHandlerTakesOverInsideACallback) {
  Heard next;
  OneStream one(tcp_pair(), {}, {.on_bytes = [&](std::span<char> octets) {
                  one.stream().send(Bytes("101"));
                  one.stream().replace_handler(recording(next));
                  EXPECT_EQ(one.heard.destroyed, 0);
                  one.stream().handler().on_bytes(octets.subspan(7));  // what it did not use
                }});
  one.client.write("upgradeframe");
  ASSERT_TRUE(one.run_until([&] { return next.bytes == "frame"; }));
  EXPECT_EQ(one.heard.destroyed, 1);
  one.client.write(" frame");
  ASSERT_TRUE(one.run_until([&] { return next.bytes == "frame frame"; }));
  EXPECT_EQ(one.heard.calls_with_bytes, 1);
  one.stream().abort();
  one.reactor.run_once(0ms);
  EXPECT_EQ(next.destroyed, 1);
}

// --- Deadlines ----------------------------------------------------------------------------------

TEST(StreamTest, ADeadlineFiresOnceAndCanBeSetAgain) {
  OneStream one(tcp_pair());
  one.stream().set_deadline(one.reactor.now());
  ASSERT_TRUE(one.run_until([&] { return one.heard.deadlines == 1; }));
  one.stream().set_deadline(one.reactor.now() + 1h);
  one.stream().set_deadline(one.reactor.now());
  ASSERT_TRUE(one.run_until([&] { return one.heard.deadlines == 2; }));
}

TEST(StreamTest, ACancelledDeadlineDoesNotFire) {
  OneStream one(tcp_pair());
  one.stream().set_deadline(one.reactor.now());
  one.stream().set_deadline(std::nullopt);
  bool later = false;
  one.reactor.after(30ms, [&] { later = true; });
  ASSERT_TRUE(one.run_until([&] { return later; }));
  EXPECT_EQ(one.heard.deadlines, 0);
}

// --- Addresses ----------------------------------------------------------------------------------

TEST(StreamTest, KnowsBothEnds) {
  OneStream one(tcp_pair());
  EXPECT_EQ(one.stream().peer().to_text(), "127.0.0.1:4711");
  EXPECT_EQ(one.stream().local().ip_text(), "127.0.0.1");
  EXPECT_NE(one.stream().local().port(), 0);
}

}  // namespace
}  // namespace carillon::net
