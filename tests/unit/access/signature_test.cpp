#include "access/signature.hpp"

#include <gtest/gtest.h>

#include <array>

#include "core/base64.hpp"

namespace carillon::access {
namespace {

std::string octets(Bytes base64url) {
  return base64url_decode(base64url).value();
}

constexpr Bytes kPayload =
    "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVl"
    "fQ";
constexpr Bytes kRsaModulus =
    "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4"
    "QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdb"
    "BYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-D"
    "WNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ";

/// What a published example says: this key has signed this text so.
struct Example {
  Algorithm algorithm;
  VerificationKey key;
  std::string text;
  std::string signature;
};

/// RFC 7515 appendix A.1 to A.3, RFC 8037 appendix A.4.
std::vector<Example> examples() {
  std::vector<Example> all;
  all.push_back(
      {.algorithm = Algorithm::Hs256,
       .key = *VerificationKey::of_secret(octets("AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-"
                                                 "1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow")),
       .text = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9." + std::string(kPayload),
       .signature = octets("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")});
  all.push_back(
      {.algorithm = Algorithm::Rs256,
       .key = *VerificationKey::of_rsa(octets(kRsaModulus), octets("AQAB")),
       .text = "eyJhbGciOiJSUzI1NiJ9." + std::string(kPayload),
       .signature = octets(
           "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_"
           "O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_"
           "nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--"
           "xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXL"
           "IhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw")});
  all.push_back(
      {.algorithm = Algorithm::Es256,
       .key = *VerificationKey::of_p256(octets("f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"),
                                        octets("x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0")),
       .text = "eyJhbGciOiJFUzI1NiJ9." + std::string(kPayload),
       .signature =
           octets("DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKT"
                  "UJqPP3-Kg6NU1Q")});
  all.push_back(
      {.algorithm = Algorithm::EdDsa,
       .key = *VerificationKey::of_ed25519(octets("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo")),
       .text = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc",
       .signature =
           octets("hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7"
                  "sVvpAr_MuM0KAg")});
  return all;
}

constexpr std::array kAll = {Algorithm::Hs256, Algorithm::Hs384, Algorithm::Hs512, Algorithm::Rs256,
                             Algorithm::Ps256, Algorithm::Es256, Algorithm::EdDsa};

TEST(Signature, OfThePublishedExamplesIsRight) {
  for (const Example& each : examples()) {
    EXPECT_TRUE(each.key.verifies(each.algorithm, each.text, each.signature))
        << static_cast<int>(each.algorithm);
  }
}

TEST(Signature, WithAnyOctetChangedOrMissingIsWrong) {
  for (const Example& each : examples()) {
    for (std::size_t at = 0; at < each.signature.size(); at += 7) {
      std::string changed = each.signature;
      changed[at] = static_cast<char>(changed[at] ^ 1);
      EXPECT_FALSE(each.key.verifies(each.algorithm, each.text, changed));
    }
    EXPECT_FALSE(each.key.verifies(each.algorithm, each.text + "a", each.signature));
    EXPECT_FALSE(each.key.verifies(each.algorithm, each.text, each.signature + '\0'));
    EXPECT_FALSE(each.key.verifies(each.algorithm, each.text, each.signature.substr(1)));
    EXPECT_FALSE(each.key.verifies(each.algorithm, each.text, ""));
  }
}

TEST(Signature, OfZerosIsWrong) {
  const std::string zeros(64, '\0');
  for (const Example& each : examples()) {
    EXPECT_FALSE(each.key.verifies(each.algorithm, each.text, zeros));
  }
}

TEST(Signature, IsCheckedByTheKindOfKeyThatTheAlgorithmHas) {
  for (const Example& each : examples()) {
    for (const Algorithm algorithm : kAll) {
      if (each.key.takes(algorithm)) continue;
      EXPECT_FALSE(each.key.verifies(algorithm, each.text, each.signature));
    }
  }
  EXPECT_TRUE(examples()[0].key.takes(Algorithm::Hs512));
  EXPECT_TRUE(examples()[1].key.takes(Algorithm::Ps256));
  EXPECT_FALSE(examples()[1].key.takes(Algorithm::Hs256));
}

TEST(Signature, OfASecretIsMadeAsItIsChecked) {
  const std::string secret(32, 's');
  const auto key = VerificationKey::of_secret(secret);
  for (const Algorithm algorithm : {Algorithm::Hs256, Algorithm::Hs384, Algorithm::Hs512}) {
    const std::string signature = sign_with_secret(algorithm, "text", secret);
    EXPECT_TRUE(key->verifies(algorithm, "text", signature));
    EXPECT_FALSE(key->verifies(algorithm, "other", signature));
  }
}

TEST(Signature, AKeyMayBeForOneAlgorithmAlone) {
  VerificationKey key = *VerificationKey::of_secret(std::string(32, 's'));
  EXPECT_FALSE(key.restrict_to(Algorithm::Rs256));
  EXPECT_TRUE(key.restrict_to(Algorithm::Hs384));
  EXPECT_FALSE(key.takes(Algorithm::Hs256));
  EXPECT_TRUE(key.takes(Algorithm::Hs384));
}

TEST(Signature, WeakAndBrokenKeysAreRefused) {
  EXPECT_FALSE(VerificationKey::of_secret(std::string(31, 's')));
  const std::string modulus = octets(kRsaModulus);
  EXPECT_FALSE(VerificationKey::of_rsa(modulus.substr(128), octets("AQAB")));
  EXPECT_FALSE(VerificationKey::of_rsa(std::string(2048, '\xff'), octets("AQAB")));
  EXPECT_FALSE(VerificationKey::of_rsa(modulus, ""));
  EXPECT_FALSE(VerificationKey::of_p256(std::string(32, '\1'), std::string(32, '\2')));
  EXPECT_FALSE(VerificationKey::of_p256("", ""));
  EXPECT_FALSE(VerificationKey::of_ed25519(std::string(31, 'k')));
}

TEST(Algorithm, NamesAreExact) {
  EXPECT_EQ(parse_algorithm("EdDSA"), Algorithm::EdDsa);
  for (const Bytes name : {"", "none", "None", "hs256", "HS256 ", "RS512", "ES384"}) {
    EXPECT_FALSE(parse_algorithm(name)) << name;
  }
}

}  // namespace
}  // namespace carillon::access
