#include "access/key_ring.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base64.hpp"

namespace carillon::access {
namespace {

using testing::HasSubstr;
using Answer = KeyRing::Answer;

std::string secret(char octet) {
  return std::string(32, octet);
}

std::string secret_jwk(char octet, const std::string& more = {}) {
  return R"({"kty":"oct","k":")" + base64url_encode(secret(octet)) + "\"" + more + "}";
}

std::string set_of(const std::string& keys) {
  return R"({"keys":[)" + keys + "]}";
}

KeyRing ring_of(const std::string& keys) {
  KeyRing ring;
  const auto added = ring.add_jwks(set_of(keys));
  EXPECT_TRUE(added) << (added ? "" : added.error());
  return ring;
}

std::string problem_of(Bytes text) {
  KeyRing ring;
  const auto added = ring.add_jwks(text);
  return added ? "" : added.error();
}

Answer check(const KeyRing& ring, char octet, std::optional<Bytes> kid) {
  return ring.check(Algorithm::Hs256, kid, "text",
                    sign_with_secret(Algorithm::Hs256, "text", secret(octet)));
}

TEST(KeyRing, TakesTheKeyThatIsNamed) {
  const KeyRing ring =
      ring_of(secret_jwk('a', R"(,"kid":"1")") + "," + secret_jwk('b', R"(,"kid":"2")"));
  EXPECT_EQ(check(ring, 'a', "1"), Answer::Right);
  EXPECT_EQ(check(ring, 'a', "2"), Answer::Wrong);
  EXPECT_EQ(check(ring, 'a', "3"), Answer::NoKey);
  EXPECT_EQ(check(ring, 'a', ""), Answer::NoKey);
}

TEST(KeyRing, TriesAllWhereNoneIsNamed) {
  const KeyRing ring = ring_of(secret_jwk('a', R"(,"kid":"1")") + "," + secret_jwk('b'));
  EXPECT_EQ(check(ring, 'a', {}), Answer::Right);
  EXPECT_EQ(check(ring, 'b', {}), Answer::Right);
  EXPECT_EQ(check(ring, 'c', {}), Answer::Wrong);
  EXPECT_EQ(check(ring, 'b', "new"), Answer::Right) << "a key without a name is tried for all";
}

TEST(KeyRing, TriesNoMoreThanEight) {
  std::string keys;
  for (char octet = 'a'; octet < 'a' + 9; ++octet) {
    keys += (keys.empty() ? "" : ",") + secret_jwk(octet);
  }
  const KeyRing ring = ring_of(keys);
  EXPECT_EQ(check(ring, 'h', {}), Answer::Right);
  EXPECT_EQ(check(ring, 'i', {}), Answer::Wrong);
}

TEST(KeyRing, TriesTheNamedKeyBeforeThoseWithoutAName) {
  std::string keys;
  for (int i = 0; i < 9; ++i) keys += secret_jwk('x') + ",";
  const KeyRing ring = ring_of(keys + secret_jwk('a', R"(,"kid":"1")"));
  EXPECT_EQ(check(ring, 'a', "1"), Answer::Right);
}

TEST(KeyRing, HoldsAKeyToItsAlgorithm) {
  const KeyRing ring = ring_of(secret_jwk('a', R"(,"alg":"HS512")"));
  EXPECT_EQ(check(ring, 'a', {}), Answer::NoKey);
}

TEST(KeyRing, PassesOverWhatIsNotForIt) {
  const std::string others =
      R"({"kty":"EC","crv":"P-521"},{"kty":"new"},{"kty":"RSA","use":"enc"},)"
      R"({"kty":"RSA","alg":"RS512"},7,)";
  EXPECT_EQ(check(ring_of(others + secret_jwk('a')), 'a', {}), Answer::Right);
  EXPECT_THAT(problem_of(set_of(R"({"kty":"new"})")), HasSubstr("no key in it"));
}

TEST(KeyRing, TellsWhatIsWrongWithASet) {
  for (const Bytes text : {"", "{", "[]", "{}", R"({"keys":{}})", R"({"keys":[],"keys":[]})"}) {
    EXPECT_THAT(problem_of(text), HasSubstr("no JWK Set")) << text;
  }
  EXPECT_THAT(problem_of(set_of(R"({"kty":"oct","kid":"x","k":"c2hvcnQ"})")),
              HasSubstr("key 'x': a secret has at least 32 octets"));
  EXPECT_THAT(problem_of(set_of(R"({"kty":"RSA","n":"!","e":"AQAB"})")),
              HasSubstr("key number 1: 'n' is not base64url"));
  EXPECT_THAT(problem_of(set_of(secret_jwk('a', R"(,"alg":"ES256")"))),
              HasSubstr("'alg' is not for"));
  EXPECT_THAT(problem_of(set_of(secret_jwk('a', R"(,"kid":"x","alg":["HS256"])"))),
              HasSubstr("key 'x': 'alg' is not a text"));
  EXPECT_THAT(problem_of(set_of(secret_jwk('a', R"(,"key_ops":["sign"])"))),
              HasSubstr("no key in it"));
  std::string many = secret_jwk('a');
  for (int i = 0; i < 100; ++i) many += "," + secret_jwk('a');
  EXPECT_THAT(problem_of(set_of(many)), HasSubstr("more than 100"));
}

}  // namespace
}  // namespace carillon::access
