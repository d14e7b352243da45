#include "access/signature.hpp"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>

#include <array>
#include <utility>

#include "core/check.hpp"

namespace carillon::access {
namespace {

constexpr std::size_t kLeastSecretBytes = 32;
constexpr int kLeastRsaBits = 2048;
constexpr int kMostRsaBits = 8192;  // a larger one costs too much to check with
constexpr std::size_t kP256Bytes = 32;

template <auto kFree>
struct Freed {
  template <class Object>
  void operator()(Object* object) const {
    kFree(object);
  }
};
using Number = std::unique_ptr<BIGNUM, Freed<BN_free>>;
using Builder = std::unique_ptr<OSSL_PARAM_BLD, Freed<OSSL_PARAM_BLD_free>>;
using Parameters = std::unique_ptr<OSSL_PARAM, Freed<OSSL_PARAM_free>>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, Freed<EVP_PKEY_CTX_free>>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, Freed<EVP_MD_CTX_free>>;
using EcdsaSignature = std::unique_ptr<ECDSA_SIG, Freed<ECDSA_SIG_free>>;

const unsigned char* raw(Bytes text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

Number number_of(Bytes text) {
  return Number(BN_bin2bn(raw(text), static_cast<int>(text.size()), nullptr));
}

/// Null where OpenSSL will not have it, e.g. a point that is not on the curve.
std::shared_ptr<EVP_PKEY> make_key(const char* type, OSSL_PARAM_BLD* builder) {
  const Parameters parameters(OSSL_PARAM_BLD_to_param(builder));
  const KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
  EVP_PKEY* made = nullptr;
  const bool is_made =
      parameters && context && EVP_PKEY_fromdata_init(context.get()) == 1 &&
      EVP_PKEY_fromdata(context.get(), &made, EVP_PKEY_PUBLIC_KEY, parameters.get()) == 1;
  std::shared_ptr<EVP_PKEY> key(made, EVP_PKEY_free);
  const KeyContext check(key ? EVP_PKEY_CTX_new_from_pkey(nullptr, key.get(), nullptr) : nullptr);
  const bool is_right = is_made && check && EVP_PKEY_public_check(check.get()) == 1;
  ERR_clear_error();
  return is_right ? key : nullptr;
}

const char* digest_of(Algorithm algorithm) {
  if (algorithm == Algorithm::Hs384) return "SHA384";
  if (algorithm == Algorithm::Hs512) return "SHA512";
  return "SHA256";
}

/// JWS has the two numbers side by side, OpenSSL wants them in DER (RFC 7518 §3.4).
std::string der_of(Bytes signature) {
  const EcdsaSignature pair(ECDSA_SIG_new());
  Number r = number_of(signature.substr(0, kP256Bytes));
  Number s = number_of(signature.substr(kP256Bytes));
  CARILLON_CHECK(pair && ECDSA_SIG_set0(pair.get(), r.release(), s.release()) == 1);
  unsigned char* begin = nullptr;
  const int size = i2d_ECDSA_SIG(pair.get(), &begin);
  CARILLON_CHECK(size > 0);
  std::string der(reinterpret_cast<char*>(begin), static_cast<std::size_t>(size));
  OPENSSL_free(begin);
  return der;
}

bool is_signed(EVP_PKEY* key, Algorithm algorithm, Bytes text, Bytes signature) {
  const DigestContext context(EVP_MD_CTX_new());
  const EVP_MD* digest = algorithm == Algorithm::EdDsa ? nullptr : EVP_sha256();
  EVP_PKEY_CTX* details = nullptr;
  bool is_right =
      context && EVP_DigestVerifyInit(context.get(), &details, digest, nullptr, key) == 1;
  if (is_right && algorithm == Algorithm::Ps256) {
    is_right = EVP_PKEY_CTX_set_rsa_padding(details, RSA_PKCS1_PSS_PADDING) == 1 &&
               EVP_PKEY_CTX_set_rsa_pss_saltlen(details, RSA_PSS_SALTLEN_DIGEST) == 1;
  }
  is_right = is_right && EVP_DigestVerify(context.get(), raw(signature), signature.size(),
                                          raw(text), text.size()) == 1;
  ERR_clear_error();
  return is_right;
}

}  // namespace

std::optional<Algorithm> parse_algorithm(Bytes name) {
  constexpr std::array<std::pair<Bytes, Algorithm>, 7> kNames = {{{"HS256", Algorithm::Hs256},
                                                                  {"HS384", Algorithm::Hs384},
                                                                  {"HS512", Algorithm::Hs512},
                                                                  {"RS256", Algorithm::Rs256},
                                                                  {"PS256", Algorithm::Ps256},
                                                                  {"ES256", Algorithm::Es256},
                                                                  {"EdDSA", Algorithm::EdDsa}}};
  for (const auto& [known, algorithm] : kNames) {
    if (known == name) return algorithm;
  }
  return std::nullopt;
}

// --- Keys -------------------------------------------------------------------------------------

Result<VerificationKey, std::string> VerificationKey::of_secret(Bytes octets) {
  if (octets.size() < kLeastSecretBytes) {
    return std::unexpected("a secret has at least 32 octets, or it can be guessed");
  }
  return VerificationKey(Kind::Secret, std::string(octets), nullptr);
}

Result<VerificationKey, std::string> VerificationKey::of_rsa(Bytes modulus, Bytes exponent) {
  const Number n = number_of(modulus);
  const Number e = number_of(exponent);
  if (BN_num_bits(n.get()) < kLeastRsaBits || BN_num_bits(n.get()) > kMostRsaBits) {
    return std::unexpected("an RSA key has 2048 to 8192 bits");
  }
  const Builder builder(OSSL_PARAM_BLD_new());
  OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get());
  OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get());
  auto key = make_key("RSA", builder.get());
  if (!key) return std::unexpected("its numbers are no RSA key");
  return VerificationKey(Kind::Rsa, {}, std::move(key));
}

Result<VerificationKey, std::string> VerificationKey::of_p256(Bytes x, Bytes y) {
  if (x.size() != kP256Bytes || y.size() != kP256Bytes) {
    return std::unexpected("x and y of P-256 have 32 octets");
  }
  const std::string point = '\x04' + std::string(x) + std::string(y);
  const Builder builder(OSSL_PARAM_BLD_new());
  OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0);
  OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(),
                                   point.size());
  auto key = make_key("EC", builder.get());
  if (!key) return std::unexpected("its point is not on the curve P-256");
  return VerificationKey(Kind::P256, {}, std::move(key));
}

Result<VerificationKey, std::string> VerificationKey::of_ed25519(Bytes octets) {
  std::shared_ptr<EVP_PKEY> key(
      EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, raw(octets), octets.size()),
      EVP_PKEY_free);
  ERR_clear_error();
  if (!key) return std::unexpected("x of Ed25519 has 32 octets");
  return VerificationKey(Kind::Ed25519, {}, std::move(key));
}

bool VerificationKey::restrict_to(Algorithm algorithm) {
  if (!takes(algorithm)) return false;
  only_ = algorithm;
  return true;
}

VerificationKey::Kind VerificationKey::kind_of(Algorithm algorithm) {
  switch (algorithm) {
    case Algorithm::Hs256:
    case Algorithm::Hs384:
    case Algorithm::Hs512:
      return Kind::Secret;
    case Algorithm::Rs256:
    case Algorithm::Ps256:
      return Kind::Rsa;
    case Algorithm::Es256:
      return Kind::P256;
    case Algorithm::EdDsa:
      break;
  }
  return Kind::Ed25519;
}

// --- Signatures -------------------------------------------------------------------------------

bool VerificationKey::takes(Algorithm algorithm) const {
  return kind_of(algorithm) == kind_ && (!only_ || *only_ == algorithm);
}

bool VerificationKey::verifies(Algorithm algorithm, Bytes text, Bytes signature) const {
  if (!takes(algorithm)) return false;
  if (kind_ == Kind::Secret) {
    const std::string expected = sign_with_secret(algorithm, text, secret_);
    return signature.size() == expected.size() &&
           CRYPTO_memcmp(signature.data(), expected.data(), expected.size()) == 0;
  }
  if (kind_ != Kind::P256) return is_signed(key_.get(), algorithm, text, signature);
  if (signature.size() != 2 * kP256Bytes) return false;
  return is_signed(key_.get(), algorithm, text, der_of(signature));
}

std::string sign_with_secret(Algorithm algorithm, Bytes text, Bytes secret) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> mac{};
  std::size_t size = 0;
  const auto* done =
      EVP_Q_mac(nullptr, "HMAC", nullptr, digest_of(algorithm), nullptr, secret.data(),
                secret.size(), raw(text), text.size(), mac.data(), mac.size(), &size);
  CARILLON_CHECK(done != nullptr);
  return {reinterpret_cast<const char*>(mac.data()), size};
}

}  // namespace carillon::access
