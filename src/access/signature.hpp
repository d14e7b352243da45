// Signatures of tokens: which algorithms there are, and which key may check which.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "core/bytes.hpp"
#include "core/result.hpp"

using EVP_PKEY = struct evp_pkey_st;

namespace carillon::access {

/// Source: RFC 7518 §3.1; RFC 8037 §3.1. `none` is none of them.
enum class Algorithm : std::uint8_t { Hs256, Hs384, Hs512, Rs256, Ps256, Es256, EdDsa };

/// `HS256`, `EdDSA`, …; names are case-sensitive.
std::optional<Algorithm> parse_algorithm(Bytes name);

/// A shared secret or a public key. It has one kind, and checks no other algorithm than that
/// kind's: a token cannot make a public key pass for a secret (RFC 8725 §2.1, §3.1). Thread: any
/// number may use copies.
class VerificationKey {
 public:
  /// At least 32 octets. Errors: a sentence, as for all that follow.
  static Result<VerificationKey, std::string> of_secret(Bytes octets);
  /// The numbers big-endian; a modulus of at least 2048 bits (RFC 7518 §3.3).
  static Result<VerificationKey, std::string> of_rsa(Bytes modulus, Bytes exponent);
  /// A point on P-256, 32 octets each.
  static Result<VerificationKey, std::string> of_p256(Bytes x, Bytes y);
  static Result<VerificationKey, std::string> of_ed25519(Bytes octets);

  /// From now on for this algorithm alone; false where it cannot be.
  bool restrict_to(Algorithm algorithm);

  bool takes(Algorithm algorithm) const;
  /// False for an algorithm that it does not take, too.
  bool verifies(Algorithm algorithm, Bytes text, Bytes signature) const;

 private:
  enum class Kind : std::uint8_t { Secret, Rsa, P256, Ed25519 };

  VerificationKey(Kind kind, std::string secret, std::shared_ptr<EVP_PKEY> key)
      : kind_(kind), secret_(std::move(secret)), key_(std::move(key)) {}
  static Kind kind_of(Algorithm algorithm);

  Kind kind_;
  std::optional<Algorithm> only_;
  std::string secret_;
  std::shared_ptr<EVP_PKEY> key_;  // null for a secret
};

/// For who makes tokens. Hs256, Hs384 or Hs512.
std::string sign_with_secret(Algorithm algorithm, Bytes text, Bytes secret);

}  // namespace carillon::access
