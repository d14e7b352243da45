#include "protocol/stun/authenticator.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <map>
#include <string>

#include "protocol/stun/digest.hpp"
#include "protocol/stun/limits.hpp"

namespace carillon::stun {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

constexpr Bytes kId("abcdefghijkl", 12);
constexpr TimePoint kStart{std::chrono::hours(5)};

class Book final : public PasswordBook {
 public:
  std::optional<std::string> password_of(Bytes username) const override {
    return username == "alice" ? std::optional<std::string>("wonder") : std::nullopt;
  }
  std::optional<std::string> username_of(Bytes userhash) const override {
    if (userhash != digest(Hash::Sha256, "alice:realm")) return std::nullopt;
    return "alice";
  }
};

TransportAddress client() {
  return {.ip = {192, 0, 2, 1}, .port = 4711, .family = Family::Ipv4};
}

class StunAuthenticator : public ::testing::Test {
 protected:
  /// What a client knows after it was refused once.
  std::string nonce(TimePoint now = kStart) {
    MessageWriter answer(Method::Allocate, MessageClass::Error, kId);
    authenticator_.challenge(answer, client(), now);
    return std::string(Message::parse(answer.octets())->find(AttributeType::Nonce).value());
  }

  struct Wish {
    std::string username = "alice";
    std::string password = "wonder";
    std::string realm = "realm";
    std::string nonce;
    PasswordAlgorithm algorithm = PasswordAlgorithm::Md5;
    bool names_algorithm = false;
    std::string offered{"\x00\x02\x00\x00\x00\x01\x00\x00", 8};
    bool hashes_name = false;
    bool sha256 = false;
  };

  static std::string request(const Wish& wish) {
    MessageWriter writer(Method::Allocate, MessageClass::Request, kId);
    if (wish.hashes_name) {
      writer.add(AttributeType::Userhash, digest(Hash::Sha256, wish.username + ":" + wish.realm));
    } else {
      writer.add(AttributeType::Username, wish.username);
    }
    writer.add(AttributeType::Realm, wish.realm);
    writer.add(AttributeType::Nonce, wish.nonce);
    if (wish.names_algorithm) {
      writer.add(AttributeType::PasswordAlgorithms, wish.offered);
      const auto number = static_cast<std::uint32_t>(wish.algorithm) << 16;
      writer.add_u32(AttributeType::PasswordAlgorithm, number);
    }
    const std::string key =
        long_term_key(wish.algorithm,
                      {.username = wish.username, .realm = wish.realm, .password = wish.password});
    wish.sha256 ? writer.add_integrity_sha256(key) : writer.add_integrity(key);
    return std::move(writer).take();
  }

  Result<Identity, ErrorCode> check(const std::string& octets, TimePoint now = kStart) {
    return authenticator_.check(Message::parse(octets).value(), client(), now);
  }

  Book book_;
  Authenticator authenticator_{"realm", std::string(32, 's'), book_};
};

TEST_F(StunAuthenticator, TakesTheRightPasswordInEveryForm) {
  for (const bool names_algorithm : {false, true}) {
    for (const bool sha256 : {false, true}) {
      for (const bool hashes_name : {false, true}) {
        const auto algorithm = names_algorithm ? PasswordAlgorithm::Sha256 : PasswordAlgorithm::Md5;
        const auto identity = check(request({.nonce = nonce(),
                                             .algorithm = algorithm,
                                             .names_algorithm = names_algorithm,
                                             .hashes_name = hashes_name,
                                             .sha256 = sha256}));
        ASSERT_TRUE(identity);
        EXPECT_EQ(identity->username, "alice");
        EXPECT_EQ(identity->sha256, sha256);
      }
    }
  }
}

TEST_F(StunAuthenticator, RefusesWhoeverDoesNotKnowIt) {
  const auto error_of = [this](const Wish& wish) { return check(request(wish)).error(); };
  EXPECT_EQ(error_of({.password = "wrong", .nonce = nonce()}), ErrorCode::Unauthenticated);
  EXPECT_EQ(error_of({.username = "bob", .nonce = nonce()}), ErrorCode::Unauthenticated);
  EXPECT_EQ(error_of({.realm = "other", .nonce = nonce()}), ErrorCode::Unauthenticated);
  EXPECT_EQ(error_of({.username = "bob", .nonce = nonce(), .hashes_name = true}),
            ErrorCode::Unauthenticated);
  const std::string bare = MessageWriter(Method::Allocate, MessageClass::Request, kId).take();
  EXPECT_EQ(check(bare).error(), ErrorCode::Unauthenticated);
}

TEST_F(StunAuthenticator, AsksForEveryAttribute) {
  for (const auto missing : {AttributeType::Username, AttributeType::Realm, AttributeType::Nonce}) {
    MessageWriter writer(Method::Allocate, MessageClass::Request, kId);
    for (const auto type : {AttributeType::Username, AttributeType::Realm, AttributeType::Nonce}) {
      if (type != missing) writer.add(type, "x");
    }
    writer.add_integrity("key");
    EXPECT_EQ(check(std::string(writer.octets())).error(), ErrorCode::BadRequest);
  }
}

TEST_F(StunAuthenticator, CallsANonceStaleInTimeAndFromAnotherAddress) {
  const std::string message = request({.nonce = nonce()});
  EXPECT_TRUE(check(message, kStart + minutes(10)));
  EXPECT_EQ(check(message, kStart + minutes(10) + seconds(1)).error(), ErrorCode::StaleNonce);
  EXPECT_EQ(check(request({.nonce = "made up"})).error(), ErrorCode::StaleNonce);
  TransportAddress other = client();
  other.port = 4712;
  EXPECT_EQ(authenticator_.check(Message::parse(message).value(), other, kStart).error(),
            ErrorCode::StaleNonce);
  std::string forged = nonce();
  forged.back() = forged.back() == 'A' ? 'E' : 'A';
  EXPECT_EQ(check(request({.nonce = forged})).error(), ErrorCode::StaleNonce);
}

TEST_F(StunAuthenticator, LetsNobodyTalkAClientIntoAWeakerAlgorithm) {
  const std::string only_md5("\x00\x01\x00\x00", 4);
  EXPECT_EQ(
      check(request({.nonce = nonce(), .names_algorithm = true, .offered = only_md5})).error(),
      ErrorCode::BadRequest);
  EXPECT_EQ(check(request({.nonce = nonce(),
                           .algorithm = static_cast<PasswordAlgorithm>(3),
                           .names_algorithm = true}))
                .error(),
            ErrorCode::BadRequest);
}

TEST_F(StunAuthenticator, KeepsAnswersToStrangersShort) {
  const Authenticator longest(std::string(limits::kRealmBytes, 'r'), "s", book_);
  for (const auto code : {ErrorCode::Unauthenticated, ErrorCode::StaleNonce}) {
    MessageWriter answer(Method::CreatePermission, MessageClass::Error, kId);
    answer.add_error(code);
    longest.challenge(answer, client(), kStart);
    answer.add_fingerprint();
    EXPECT_LE(answer.octets().size(), limits::kStrangerAnswerBytes);
  }
}

}  // namespace
}  // namespace carillon::stun
