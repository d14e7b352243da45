#include "protocol/turn/credentials.hpp"

#include <gtest/gtest.h>

#include "protocol/stun/digest.hpp"

namespace carillon::turn {
namespace {

class TurnCredentials : public ::testing::Test {
 protected:
  Timestamp now_{1'000'000'000};  // 1,000 seconds
  Credentials credentials_{"realm", {{"alice", "wonder"}}, "secret", [this] { return now_; }};
};

TEST_F(TurnCredentials, KnowUsers) {
  EXPECT_EQ(credentials_.password_of("alice"), "wonder");
  EXPECT_FALSE(credentials_.password_of("bob"));
  EXPECT_EQ(credentials_.username_of(stun::digest(stun::Hash::Sha256, "alice:realm")), "alice");
  EXPECT_FALSE(credentials_.username_of("x"));
}

TEST_F(TurnCredentials, AreThoseOfCoturn) {
  // printf '%s' 1433895918506:ninefingers | openssl dgst -sha1 -hmac north -binary | base64
  const Credentials others("realm", {}, "north", [this] { return now_; });
  EXPECT_EQ(others.password_of("1433895918506:ninefingers"), "VIXBnLFi12lZBF1UPn2CEc9YwO4=");
}

TEST_F(TurnCredentials, CountUntilTheirTime) {
  const auto made = mint_credential("secret", "carol", Timestamp{1'060'000'000});
  EXPECT_EQ(made.username, "1060:carol");
  EXPECT_EQ(credentials_.password_of(made.username), made.password);
  now_ = Timestamp{1'059'999'999};
  EXPECT_TRUE(credentials_.password_of(made.username));
  now_ = Timestamp{1'060'000'000};
  EXPECT_FALSE(credentials_.password_of(made.username));
}

TEST_F(TurnCredentials, NeedATimeAndASecret) {
  for (const Bytes name :
       {"carol", "12x:carol", ":carol", "-5:carol", "", "99999999999999999999:x"}) {
    EXPECT_FALSE(credentials_.password_of(name)) << name;
  }
  EXPECT_TRUE(credentials_.password_of("2000"));
  const Credentials none("realm", {}, "", [this] { return now_; });
  EXPECT_FALSE(none.password_of("2000:carol"));
}

}  // namespace
}  // namespace carillon::turn
