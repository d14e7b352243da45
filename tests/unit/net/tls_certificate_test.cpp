#include "net/tls_certificate.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tls_support.hpp"

namespace carillon::net {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::int64_t kDay = 24LL * 60 * 60 * 1'000'000;

std::string refusal(const std::string& certificate, const std::string& key, Timestamp now) {
  const auto parsed = TlsCertificate::parse(certificate, key, now);
  return parsed ? "" : parsed.error();
}

TEST(TlsCertificate, OfOurOwnMakingIsForThisMachine) {
  const Timestamp now = test::this_moment();
  const std::string pem = make_self_signed(now).value();
  const auto parsed = TlsCertificate::parse(pem, pem, now);
  ASSERT_TRUE(parsed) << parsed.error();
  EXPECT_THAT(parsed->names(),
              ElementsAre("localhost", "127.0.0.1", "0000:0000:0000:0000:0000:0000:0000:0001"));
  const std::int64_t life = parsed->expires().microseconds - now.microseconds;
  EXPECT_NEAR(static_cast<double>(life), static_cast<double>(365 * kDay), 2e6);
}

TEST(TlsCertificate, IsRefusedOnceItHasExpired) {
  const Timestamp now = test::this_moment();
  const std::string pem = make_self_signed(now).value();
  EXPECT_EQ(refusal(pem, pem, {now.microseconds + 364 * kDay}), "");
  EXPECT_THAT(refusal(pem, pem, {now.microseconds + 366 * kDay}), HasSubstr("expired on 20"));
}

TEST(TlsCertificate, SaysWhatIsMissing) {
  const Timestamp now = test::this_moment();
  const std::string pem = test::self_signed_pem();
  const std::string other = make_self_signed(now).value();
  EXPECT_EQ(refusal("", pem, now), "holds no certificate (PEM)");
  EXPECT_EQ(refusal("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", pem, now),
            "holds no certificate (PEM)");
  EXPECT_EQ(refusal(pem, "", now), "holds no private key (PEM)");
  EXPECT_EQ(refusal(pem, "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n", now),
            "holds a key under a passphrase; store it without one");
  EXPECT_THAT(refusal(pem, other, now), HasSubstr("is not for this private key"));
}

TEST(TlsCertificate, IsRefusedWithAChainThatIsBroken) {
  const Timestamp now = test::this_moment();
  const std::string pem = test::self_signed_pem();
  const std::string whole = pem + pem;
  EXPECT_EQ(refusal(whole, pem, now), "");
  EXPECT_THAT(refusal(whole.substr(0, pem.size() + 100), pem, now), HasSubstr("cannot be read"));
  EXPECT_THAT(
      refusal(pem + "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", pem, now),
      HasSubstr("cannot be read"));
}

TEST(TlsCertificate, TruncatedAnywhereIsRefusedOrWhole) {
  const std::string pem = test::self_signed_pem();
  const Timestamp now = test::this_moment();
  for (std::size_t size = 0; size + 2 < pem.size(); size += 3) {
    EXPECT_NE(refusal(pem.substr(0, size), pem.substr(0, size), now), "") << size;
  }
}

}  // namespace
}  // namespace carillon::net
