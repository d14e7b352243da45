#include "access/session_token.hpp"

#include <gtest/gtest.h>

#include <string>

#include "core/base64.hpp"

namespace carillon::access {
namespace {

constexpr Bytes kSecret = "0123456789abcdef0123456789abcdef";
const SessionClaims kClaims{
    .client = "c_8fk2", .user = "ann", .issued = {1'000'000}, .expires = {2'000'000}};
constexpr Timestamp kNow{1'500'000};

TEST(SessionToken, GivesBackWhatWasSigned) {
  for (const std::string& user : {std::string(), std::string("ann"), std::string("a\nb\0c\xff", 6),
                                  std::string(kMaxSessionUserBytes, '\xff')}) {
    SessionClaims claims = kClaims;
    claims.user = user;
    claims.client = std::string(kMaxSessionClientBytes, 'c');
    const std::string token = sign_session(claims, kSecret);
    EXPECT_LE(token.size(), kMaxSessionTokenBytes);
    EXPECT_EQ(verify_session(token, kSecret, kNow), claims);
  }
}

TEST(SessionToken, HasAFormThatStaysTheSame) {
  // Computed apart from this code: the nodes of one cluster may run different versions.
  EXPECT_EQ(sign_session(kClaims, kSecret),
            "Y184ZmsyCjEwMDAwMDAKMjAwMDAwMAphbm4.GAU-5wxxJlPgRwF_7GrPbnIO-7q4_9LjE1Xr9RERfbw");
}

TEST(SessionToken, ExpiresAtItsMoment) {
  const std::string token = sign_session(kClaims, kSecret);
  EXPECT_TRUE(verify_session(token, kSecret, {1'999'999}));
  for (const std::int64_t late : {2'000'000LL, 2'000'001LL, 99'000'000LL}) {
    EXPECT_EQ(verify_session(token, kSecret, {late}).error(), SessionTokenError::Expired);
  }
}

TEST(SessionToken, IsWorthlessUnderAnotherSecret) {
  const std::string token = sign_session(kClaims, kSecret);
  EXPECT_EQ(verify_session(token, "another", kNow).error(), SessionTokenError::BadSignature);
  EXPECT_EQ(verify_session(token, "", kNow).error(), SessionTokenError::BadSignature);
}

TEST(SessionToken, IsRefusedOnceAnyOctetIsChangedOrCut) {
  const std::string token = sign_session(kClaims, kSecret);
  for (std::size_t i = 0; i < token.size(); ++i) {
    for (const char octet : {'A', 'b', '.', '=', '\0'}) {
      std::string changed = token;
      if (changed[i] == octet) continue;
      changed[i] = octet;
      EXPECT_FALSE(verify_session(changed, kSecret, kNow)) << i;
    }
    EXPECT_FALSE(verify_session(Bytes(token).substr(0, i), kSecret, kNow)) << i;
    EXPECT_FALSE(verify_session(Bytes(token).substr(i + 1), kSecret, kNow)) << i;
  }
  EXPECT_FALSE(verify_session(token + "A", kSecret, kNow));
  EXPECT_FALSE(verify_session(token + "=", kSecret, kNow));
  EXPECT_FALSE(verify_session(token + ".", kSecret, kNow));
}

TEST(SessionToken, IsRefusedUnreadWhenTooLong) {
  // Of the right form, so that only its length can be the reason.
  const std::string long_token =
      std::string(kMaxSessionTokenBytes, 'A') + "." + base64url_encode(std::string(32, 'm'));
  EXPECT_EQ(verify_session(long_token, kSecret, kNow).error(), SessionTokenError::Malformed);
  EXPECT_EQ(verify_session("", kSecret, kNow).error(), SessionTokenError::Malformed);
  EXPECT_EQ(verify_session(".", kSecret, kNow).error(), SessionTokenError::Malformed);
}

TEST(SessionTokenDeathTest, IsNotMadeForClaimsOutOfBounds) {
  SessionClaims claims = kClaims;
  claims.client = "a\nb";
  EXPECT_DEATH(sign_session(claims, kSecret), "is_client");
  claims = kClaims;
  claims.user = std::string(kMaxSessionUserBytes + 1, 'u');
  EXPECT_DEATH(sign_session(claims, kSecret), "kMaxSessionUserBytes");
}

}  // namespace
}  // namespace carillon::access
