#include "protocol/http2/session.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

#include "http2_support.hpp"

namespace carillon::http2 {
namespace {

using namespace std::chrono_literals;
using test::Client;
using test::frame;
using test::opening;

constexpr TimePoint kStart{1h};

/// A session and a client, and octets carried between them.
struct Pair {
  explicit Pair(const Settings& settings = {}, std::uint32_t window_bytes = 0)
      : session(settings), client(window_bytes) {}

  void note_events() {
    while (auto event = session.poll()) {
      if (auto* head = std::get_if<HeadReceived>(&*event)) heads.push_back(std::move(*head));
      if (auto* body = std::get_if<BodyReceived>(&*event)) {
        bodies[body->stream] += body->bytes;
        if (consumes) session.consume(body->stream, body->bytes.size());
      }
      if (auto* end = std::get_if<RequestEnded>(&*event)) ended.push_back(end->stream);
      if (auto* drained_one = std::get_if<StreamDrained>(&*event)) {
        drained.push_back(drained_one->stream);
      }
      if (auto* over = std::get_if<StreamEnded>(&*event))
        closed.emplace_back(over->stream, over->code);
    }
  }
  /// Until neither has anything to say.
  void carry(std::size_t piece = 1 << 16) {
    for (bool more = true; more;) {
      const std::string in = client.take_output();
      for (std::size_t at = 0; at < in.size(); at += piece) {
        const auto taken = session.on_bytes(Bytes(in).substr(at, piece), kStart);
        if (!taken) error = taken.error();
        note_events();
      }
      std::string out;
      session.produce(out, 1 << 20);
      note_events();
      EXPECT_TRUE(client.receive(out));
      more = !in.empty() || !out.empty();
    }
  }
  void answer(StreamId stream, const std::string& body) {
    const std::vector<Field> fields = {{"content-type", "text/plain"}};
    session.respond(stream, 200, fields, AnswerBody::Follows);
    session.send(stream, SharedBytes(body));
    session.finish(stream);
  }

  Session session;
  Client client;
  bool consumes = true;
  std::vector<HeadReceived> heads;
  std::map<StreamId, std::string> bodies;
  std::vector<StreamId> ended;
  std::vector<StreamId> drained;
  std::vector<std::pair<StreamId, ErrorCode>> closed;
  std::optional<ConnectionError> error;
};

TEST(Http2Session, CarriesARequestAndItsAnswer) {
  for (const std::size_t piece : {1UL, 2UL, 5UL, 13UL, 1UL << 16}) {
    Pair pair;
    const std::string body(100'000, 'b');
    const StreamId stream = pair.client.request({{":method", "POST"},
                                                 {":scheme", "https"},
                                                 {":authority", "a.b:443"},
                                                 {":path", "/x?y=z"},
                                                 {"cookie", "c=d"}},
                                                body);
    pair.carry(piece);
    ASSERT_EQ(pair.heads.size(), 1U) << piece;
    const RequestHead& head = pair.heads[0].head;
    EXPECT_EQ(head.method, "POST");
    EXPECT_EQ(head.scheme, "https");
    EXPECT_EQ(head.authority, "a.b:443");
    EXPECT_EQ(head.path, "/x?y=z");
    EXPECT_EQ(head.fields, (std::vector<Field>{{"cookie", "c=d"}}));
    EXPECT_EQ(pair.bodies[1], body);
    EXPECT_EQ(pair.ended, std::vector<StreamId>{1});
    pair.answer(stream, "the answer");
    pair.carry(piece);
    const test::Answer& answer = pair.client.answers[stream];
    EXPECT_EQ(answer.fields.at(":status"), "200");
    EXPECT_EQ(answer.fields.at("content-type"), "text/plain");
    EXPECT_EQ(answer.body, "the answer");
    EXPECT_EQ(answer.closed, 0U);
    EXPECT_EQ(pair.closed, (std::vector<std::pair<StreamId, ErrorCode>>{{1, ErrorCode::NoError}}));
    EXPECT_EQ(pair.session.open_streams(), 0U);
  }
}

TEST(Http2Session, AnswersManyAtOnceInAnyOrder) {
  Pair pair;
  for (int i = 0; i < 100; ++i) pair.client.get("/" + std::to_string(i));
  pair.carry();
  ASSERT_EQ(pair.heads.size(), 100U);
  for (auto head = pair.heads.rbegin(); head != pair.heads.rend(); ++head) {
    pair.answer(head->stream, head->head.path);
  }
  pair.carry();
  for (const HeadReceived& head : pair.heads) {
    EXPECT_EQ(pair.client.answers[head.stream].body, head.head.path);
  }
}

TEST(Http2Session, AnAnswerInPiecesComesAsItIsMade) {
  Pair pair;
  const StreamId stream = pair.client.get("/");
  pair.carry();
  pair.session.respond(stream, 200, {}, AnswerBody::Follows);
  pair.carry();
  EXPECT_EQ(pair.client.answers[stream].fields.at(":status"), "200");
  for (const char* piece : {"one ", "two ", "three"}) {
    pair.session.send(stream, SharedBytes(piece));
    pair.carry();
    EXPECT_FALSE(pair.client.answers[stream].ended);
  }
  pair.session.finish(stream);
  pair.carry();
  EXPECT_EQ(pair.client.answers[stream].body, "one two three");
  EXPECT_TRUE(pair.client.answers[stream].ended);
}

TEST(Http2Session, OneSlowStreamHoldsUpNoOther) {
  Pair pair({}, 1000);
  const StreamId slow = pair.client.get("/slow");
  const StreamId fast = pair.client.get("/fast");
  pair.carry();
  for (const StreamId stream : {slow, fast}) {
    pair.session.respond(stream, 200, {}, AnswerBody::Follows);
  }
  pair.session.send(slow, SharedBytes(std::string(5000, 's')));
  pair.carry();
  EXPECT_EQ(pair.client.answers[slow].body.size(), 1000U);
  EXPECT_EQ(pair.session.outbox_bytes(slow), 4000U);
  EXPECT_TRUE(pair.session.congested(slow));
  pair.session.send(fast, SharedBytes("quick"));
  pair.carry();
  EXPECT_EQ(pair.client.answers[fast].body, "quick");
  EXPECT_FALSE(pair.session.congested(fast));
  EXPECT_TRUE(pair.drained.empty());
  for (int turn = 0; turn < 5; ++turn) {
    pair.client.open_window(slow, 1000);
    pair.carry();
  }
  EXPECT_EQ(pair.client.answers[slow].body.size(), 5000U);
  EXPECT_EQ(pair.drained, std::vector<StreamId>{slow});
}

TEST(Http2Session, OutputIsMadeNoFasterThanItIsAskedFor) {
  Pair pair({}, 1 << 20);
  nghttp2_session_set_local_window_size(pair.client.native(), 0, 0, 1 << 24);
  const StreamId stream = pair.client.get("/");
  pair.carry();
  pair.session.respond(stream, 200, {}, AnswerBody::Follows);
  pair.session.send(stream, SharedBytes(std::string(500'000, 'x')));
  std::string out;
  pair.session.produce(out, 50'000);
  EXPECT_LT(out.size(), 70'000U);
  EXPECT_GT(pair.session.outbox_bytes(stream), 400'000U);
  EXPECT_TRUE(pair.session.has_output());
}

TEST(Http2Session, ABodyIsHeldBackUntilItsOwnerHasReadIt) {
  Pair pair;
  pair.consumes = false;
  pair.client.request(
      {{":method", "POST"}, {":scheme", "https"}, {":authority", "a"}, {":path", "/"}},
      std::string(3 * limits::kStreamWindowBytes, 'b'));
  pair.carry();
  EXPECT_EQ(pair.bodies[1].size(), static_cast<std::size_t>(limits::kStreamWindowBytes));
  pair.session.consume(1, limits::kStreamWindowBytes);
  pair.consumes = true;
  pair.carry();
  EXPECT_EQ(pair.bodies[1].size(), 3U * limits::kStreamWindowBytes);
}

TEST(Http2Session, AResetEndsAStreamFromEitherSide) {
  Pair pair;
  const StreamId one = pair.client.get("/1");
  const StreamId two = pair.client.get("/2");
  pair.carry();
  nghttp2_submit_rst_stream(pair.client.native(), 0, one, NGHTTP2_CANCEL);
  pair.session.reset(two, ErrorCode::RefusedStream);
  pair.carry();
  EXPECT_THAT(pair.closed, testing::UnorderedElementsAre(std::pair(one, ErrorCode::Cancel),
                                                         std::pair(two, ErrorCode::RefusedStream)));
  EXPECT_EQ(pair.client.answers[two].closed, 7U);
  // All quiet afterwards.
  pair.session.send(one, SharedBytes("x"));
  pair.session.finish(one);
  pair.session.respond(one, 200, {}, AnswerBody::None);
  pair.session.reset(one, ErrorCode::Cancel);
  pair.session.consume(one, 5);
  EXPECT_EQ(pair.session.outbox_bytes(one), 0U);
  pair.carry();
  EXPECT_EQ(pair.error, std::nullopt);
}

TEST(Http2Session, MoreStreamsThanAllowedAreRefusedAndTheRestGoesOn) {
  Pair pair({.streams = 2});
  std::string octets = opening();
  for (std::uint32_t stream = 1; stream <= 7; stream += 2) octets += test::get(stream);
  ASSERT_TRUE(pair.session.on_bytes(octets, kStart));
  pair.note_events();
  EXPECT_EQ(pair.heads.size(), 2U);
  EXPECT_EQ(pair.session.open_streams(), 2U);
}

TEST(Http2Session, AHeaderSectionThatIsTooLargeIsNotKept) {
  Pair pair({.header_bytes = 1000});
  std::vector<Field> fields = {
      {":method", "GET"}, {":scheme", "https"}, {":authority", "a"}, {":path", "/"}};
  for (int i = 0; i < 30; ++i) fields.push_back({"x-" + std::to_string(i), std::string(100, 'v')});
  pair.client.request(fields);
  pair.carry();
  ASSERT_EQ(pair.heads.size(), 1U);
  EXPECT_TRUE(pair.heads[0].head.is_too_large);
  EXPECT_LT(pair.heads[0].head.fields.size(), 10U);
}

TEST(Http2Session, AnHpackBombTakesNoMemory) {
  // One entry of 4,000 octets in the table, then 15,000 references to it of one octet each.
  std::string block(test::kGet);
  block += std::string("\x40\x01x\x7f\xa1\x1e", 6) + std::string(4000, 'v');
  block += std::string(12'000, '\xbe');
  Session session(Settings{});
  const auto taken = session.on_bytes(
      opening() + frame(FrameType::Headers, kEndHeaders | kEndStream, 1, block), kStart);
  ASSERT_TRUE(taken);
  const auto event = session.poll();
  ASSERT_TRUE(event);
  const auto& head = std::get<HeadReceived>(*event).head;
  EXPECT_TRUE(head.is_too_large);
  EXPECT_LT(head.fields.size(), 10U);
}

TEST(Http2Session, GoAwayServesWhatIsOpenAndNothingNewer) {
  Pair pair;
  const StreamId open = pair.client.get("/open");
  pair.carry();
  pair.session.go_away();
  pair.carry();
  EXPECT_EQ(pair.client.goodbye, 0U);
  EXPECT_EQ(pair.client.last_stream, open);
  EXPECT_FALSE(pair.session.is_over());
  pair.answer(open, "still");
  pair.carry();
  EXPECT_EQ(pair.client.answers[open].body, "still");
  EXPECT_TRUE(pair.session.is_over());
}

TEST(Http2Session, ExtendedConnectIsThereWhenItIsOn) {
  for (const auto extended : {ExtendedConnect::Off, ExtendedConnect::On}) {
    Pair pair({.extended_connect = extended});
    pair.carry();
    pair.client.request({{":method", "CONNECT"},
                         {":protocol", "websocket"},
                         {":scheme", "https"},
                         {":path", "/ws"},
                         {":authority", "a"}});
    pair.carry();
    if (extended == ExtendedConnect::On) {
      ASSERT_EQ(pair.heads.size(), 1U);
      EXPECT_EQ(pair.heads[0].head.protocol, "websocket");
    } else {
      EXPECT_TRUE(pair.heads.empty());
    }
  }
}

TEST(Http2Session, MalformedRequestsAreResetAndTheConnectionGoesOn) {
  const std::vector<std::vector<Field>> malformed = {
      {{":method", "GET"}, {":scheme", "https"}, {":authority", "a"}},  // no :path
      {{":method", "GET"},
       {":scheme", "https"},
       {":path", "/"},
       {":authority", "a"},
       {"connection", "x"}},
      {{":method", "GET"},
       {":scheme", "https"},
       {":path", "/"},
       {":authority", "a"},
       {"x", "a\nb"}},
      {{":method", "GET"}, {"x", "y"}, {":scheme", "https"}, {":path", "/"}, {":authority", "a"}}};
  for (const auto& fields : malformed) {
    Pair pair;
    const StreamId stream = pair.client.request(fields);
    const StreamId good = pair.client.get("/good");
    pair.carry();
    ASSERT_EQ(pair.heads.size(), 1U) << fields.back().name;
    EXPECT_EQ(pair.heads[0].stream, good);
    EXPECT_EQ(pair.client.answers[stream].closed, 1U) << fields.back().name;
    EXPECT_EQ(pair.error, std::nullopt);
  }
}

TEST(Http2Session, AnAnswerBeforeTheRequestsEndEndsTheStream) {
  Pair pair;
  pair.consumes = false;
  const auto stream = pair.client.request(
      {{":method", "POST"}, {":scheme", "https"}, {":authority", "a.b"}, {":path", "/"}},
      std::string(3 * limits::kStreamWindowBytes, 'b'));
  pair.carry();
  pair.session.respond(stream, 413, {}, AnswerBody::None);
  pair.carry();
  EXPECT_EQ(pair.client.answers[stream].closed, 0U);
  EXPECT_EQ(pair.session.open_streams(), 0U);
}

TEST(Http2Session, ABodyThatIsNotReadHoldsUpNoOther) {
  Pair pair;
  const std::vector<Field> fields = {
      {":method", "POST"}, {":scheme", "https"}, {":authority", "a.b"}, {":path", "/"}};
  pair.consumes = false;
  for (int i = 0; i < 40; ++i) {
    pair.client.request(fields, std::string(2 * limits::kStreamWindowBytes, 'b'));
  }
  pair.carry();
  pair.consumes = true;
  const auto last = pair.client.request(fields, std::string(2 * limits::kStreamWindowBytes, 'b'));
  pair.carry();
  EXPECT_EQ(pair.bodies[last].size(), 2U * limits::kStreamWindowBytes);
}

}  // namespace
}  // namespace carillon::http2
