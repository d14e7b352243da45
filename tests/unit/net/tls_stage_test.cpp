#include "net/tls_stage.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tls_support.hpp"

namespace carillon::net {
namespace {

using test::TlsHost;
using test::TlsPeer;

/// A stage and a client, and octets carried between them in pieces.
struct Pair {
  explicit Pair(int version = TLS1_3_VERSION, const TlsOptions& options = {})
      : host(options), stage(host.context), peer(version) {}

  /// Hands `octets` to the stage, `piece` of them at a time.
  void give(Bytes octets, std::size_t piece) {
    while (!octets.empty()) {
      const Bytes part = octets.substr(0, piece);
      octets.remove_prefix(part.size());
      std::vector<char> plain(TlsStage::plain_room(part.size()));
      const auto got = stage.decrypt(part, plain, out);
      received.append(plain.data(), got.plain_bytes);
      if (got.handshake_completed) ++completions;
      if (got.end != TlsStage::End::None) end = got.end;
    }
  }

  void shake_hands(std::size_t piece = 1 << 16) {
    for (int turn = 0; turn < 4; ++turn) {
      peer.receive(std::exchange(out, {}));
      give(peer.take_output(), piece);
    }
    peer.receive(std::exchange(out, {}));
  }

  TlsHost host;
  TlsStage stage;
  TlsPeer peer;
  std::string out;
  std::string received;
  int completions = 0;
  TlsStage::End end = TlsStage::End::None;
};

class TlsStageTest : public testing::TestWithParam<int> {};

INSTANTIATE_TEST_SUITE_P(Versions, TlsStageTest, testing::Values(TLS1_2_VERSION, TLS1_3_VERSION),
                         [](const auto& version) {
                           return version.param == TLS1_2_VERSION ? "Tls12" : "Tls13";
                         });

TEST_P(TlsStageTest, CarriesOctetsBothWays) {
  Pair pair(GetParam());
  pair.shake_hands();
  ASSERT_TRUE(pair.peer.connected());
  EXPECT_TRUE(pair.stage.handshake_done());
  EXPECT_EQ(pair.completions, 1);
  pair.peer.write("question");
  pair.give(pair.peer.take_output(), 1 << 16);
  EXPECT_EQ(pair.received, "question");
  ASSERT_TRUE(pair.stage.encrypt("answer", pair.out));
  pair.peer.receive(std::exchange(pair.out, {}));
  EXPECT_EQ(pair.peer.received(), "answer");
}

TEST_P(TlsStageTest, TakesEverythingInPiecesOfAnySize) {
  for (const std::size_t piece : {1UL, 2UL, 3UL, 7UL, 100UL}) {
    Pair pair(GetParam());
    pair.shake_hands(piece);
    ASSERT_TRUE(pair.peer.connected()) << piece;
    const std::string text(40'000, 'x');
    pair.peer.write(text);
    pair.give(pair.peer.take_output(), piece);
    EXPECT_EQ(pair.received, text) << piece;
    EXPECT_EQ(pair.end, TlsStage::End::None);
  }
}

TEST_P(TlsStageTest, TellsTheEndOfThePeerAndSaysItsOwn) {
  Pair pair(GetParam());
  pair.shake_hands();
  pair.peer.write("last words");
  pair.peer.end();
  pair.give(pair.peer.take_output(), 1 << 16);
  EXPECT_EQ(pair.received, "last words");
  EXPECT_EQ(pair.end, TlsStage::End::Closed);
  pair.stage.end(pair.out);
  const std::size_t size = pair.out.size();
  EXPECT_GT(size, 0U);
  pair.stage.end(pair.out);
  EXPECT_EQ(pair.out.size(), size) << "it is said once";
  pair.peer.receive(pair.out);
  EXPECT_TRUE(pair.peer.ended());
}

TEST_P(TlsStageTest, ABrokenRecordIsFinalAndAnswered) {
  Pair pair(GetParam());
  pair.shake_hands();
  pair.peer.write("something");
  std::string octets = pair.peer.take_output();
  octets.back() = static_cast<char>(octets.back() ^ 1);
  pair.give(octets, 1 << 16);
  EXPECT_EQ(pair.end, TlsStage::End::Failed);
  EXPECT_EQ(pair.received, "");
  EXPECT_FALSE(pair.out.empty()) << "an alert";
  EXPECT_FALSE(pair.stage.error().empty());
  EXPECT_FALSE(pair.stage.encrypt("no more", pair.out));
  pair.end = TlsStage::End::None;
  pair.peer.write("again");
  pair.give(pair.peer.take_output(), 1 << 16);
  EXPECT_EQ(pair.end, TlsStage::End::Failed);
}

TEST(TlsStage, GarbageFailsAndNeverCompletes) {
  const std::vector<std::string> inputs = {std::string(3'000, '\xff'),
                                           std::string(3'000, '\0'),
                                           std::string("GET / HTTP/1.1\r\n\r\n"),
                                           std::string("\x16\x03\x01\x00\x04\x01\x00\x00\x00", 9),
                                           "\x80\x2e\x01\x00\x02",
                                           std::string("\x17\x03\x03\x00\x01x", 6)};
  for (const std::string& input : inputs) {
    Pair pair;
    pair.give(input, 1);
    EXPECT_EQ(pair.completions, 0);
    EXPECT_TRUE(input.size() < 100 || pair.end == TlsStage::End::Failed);
  }
}

TEST(TlsStage, NothingIsSaidBeforeTheHandshake) {
  Pair pair;
  EXPECT_FALSE(pair.stage.encrypt("too early", pair.out));
  pair.stage.end(pair.out);
  EXPECT_EQ(pair.out, "");
}

TEST(TlsStage, AgreesOnAProtocolOrFails) {
  Pair both(TLS1_3_VERSION, {.application_protocols = {"h2", "http/1.1"}});
  both.peer.offer("\x08http/1.1\x02h2");
  both.shake_hands();
  EXPECT_EQ(both.stage.application_protocol(), "h2") << "what we like best";
  Pair none;
  none.shake_hands();
  EXPECT_EQ(none.stage.application_protocol(), "");
  Pair other;
  other.peer.offer("\x03xyz");
  other.shake_hands();
  EXPECT_EQ(other.end, TlsStage::End::Failed);
}

TEST(TlsStage, AnswersKeyUpdatesAndGoesOn) {
  Pair pair;
  pair.shake_hands();
  for (int turn = 0; turn < 3; ++turn) {
    SSL_key_update(pair.peer.native(), SSL_KEY_UPDATE_REQUESTED);
    pair.peer.write("x");
    pair.give(pair.peer.take_output(), 1 << 16);
    ASSERT_TRUE(pair.stage.encrypt("y", pair.out));
    pair.peer.receive(std::exchange(pair.out, {}));
  }
  EXPECT_EQ(pair.received, "xxx");
  EXPECT_EQ(pair.peer.received(), "yyy");
}

TEST(TlsStage, EndsWhoAsksForNothingButNewKeys) {
  Pair pair;
  pair.shake_hands();
  std::string updates;
  for (int i = 0; i < 1000; ++i) {
    SSL_key_update(pair.peer.native(), SSL_KEY_UPDATE_NOT_REQUESTED);
    SSL_do_handshake(pair.peer.native());
    updates += pair.peer.take_output();
  }
  const std::size_t before = pair.out.size();
  pair.give(updates, 1 << 16);
  EXPECT_EQ(pair.end, TlsStage::End::Failed);
  EXPECT_EQ(pair.stage.error(), "too many new keys");
  EXPECT_EQ(pair.out.size(), before);
}

TEST(TlsContext, RefusesACertificateThatEveryHandshakeWouldRefuse) {
  TicketKeys keys;
  const auto made = TlsContext::make({}, test::weak_certificates(), keys);
  ASSERT_FALSE(made);
  EXPECT_NE(made.error().find("cannot be used"), std::string::npos) << made.error();
}

TEST(TlsStage, RefusesRenegotiation) {
  Pair pair(TLS1_2_VERSION);
  pair.shake_hands();
  SSL_renegotiate(pair.peer.native());
  SSL_do_handshake(pair.peer.native());
  pair.give(pair.peer.take_output(), 1 << 16);
  EXPECT_FALSE(pair.out.empty()) << "the alert no_renegotiation";
  pair.peer.receive(std::exchange(pair.out, {}));
  EXPECT_EQ(pair.completions, 1);
}

/// Comes back with what the client was given.
bool resumes(TlsHost& host, int version, SSL_SESSION* session) {
  TlsStage stage(host.context);
  TlsPeer peer(version);
  SSL_set_session(peer.native(), session);
  std::string out;
  std::vector<char> plain(TlsStage::plain_room(1 << 16));
  for (int turn = 0; turn < 4; ++turn) {
    peer.receive(std::exchange(out, {}));
    stage.decrypt(peer.take_output(), plain, out);
  }
  EXPECT_TRUE(stage.handshake_done());
  return stage.resumed();
}

TEST_P(TlsStageTest, TicketsOpenUntilTheirKeyIsForgotten) {
  Pair pair(GetParam());
  pair.shake_hands();
  SSL_SESSION* session = SSL_get1_session(pair.peer.native());
  EXPECT_TRUE(resumes(pair.host, GetParam(), session));
  pair.host.ticket_keys.add(TicketKey::make());
  EXPECT_TRUE(resumes(pair.host, GetParam(), session)) << "the one before opens still";
  pair.host.ticket_keys.add(TicketKey::make());
  EXPECT_FALSE(resumes(pair.host, GetParam(), session));
  SSL_SESSION_free(session);
}

TEST_P(TlsStageTest, GivesNoTicketsToThoseWhoseCertificatesCount) {
  Pair pair(GetParam(), {.client_certificates = ClientCertificates::Optional,
                         .client_authorities_pem = test::self_signed_pem()});
  pair.shake_hands();
  SSL_SESSION* session = SSL_get1_session(pair.peer.native());
  EXPECT_FALSE(resumes(pair.host, GetParam(), session));
  SSL_SESSION_free(session);
}

TEST_P(TlsStageTest, ATicketOfAnotherStanceOnClientsOpensNothing) {
  Pair pair(GetParam());
  pair.shake_hands();
  SSL_SESSION* session = SSL_get1_session(pair.peer.native());
  const TlsOptions stricter{.client_certificates = ClientCertificates::Optional,
                            .client_authorities_pem = test::self_signed_pem()};
  pair.host.context =
      TlsContext::make(stricter, test::some_certificates(), pair.host.ticket_keys).value();
  EXPECT_FALSE(resumes(pair.host, GetParam(), session));
  SSL_SESSION_free(session);
}

}  // namespace
}  // namespace carillon::net
