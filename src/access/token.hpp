// Tokens that an application's back end signs: who a client is, and what it may do.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "access/claims.hpp"
#include "access/key_ring.hpp"
#include "core/bytes.hpp"
#include "core/result.hpp"
#include "core/time.hpp"

namespace carillon::access {

/// Octets of a token, whichever way it comes; of its user's name, and of its id; of its `info`.
inline constexpr std::size_t kMaxTokenBytes = 8 * 1024;
inline constexpr std::size_t kMaxTokenNameBytes = 256;
inline constexpr std::size_t kMaxTokenInfoBytes = 1024;
/// Channels of `join`.
inline constexpr std::size_t kMostJoins = 100;

/// Whose tokens count.
struct TokenRules {
  KeyRing keys;
  std::string issuer;    // what `iss` must be; empty: anything
  std::string audience;  // what `aud` must have; empty: a token with `aud` is for somebody else
  std::chrono::seconds leeway{10};  // by which clocks may differ
};

enum class TokenError : std::uint8_t {
  Malformed,
  UnknownAlgorithm,  // `none` is one
  Critical,          // `crit` names an extension, and none is known
  UnknownKey,
  BadSignature,
  BadClaims,
  Expired,
  NotYetValid,
  WrongIssuer,
  WrongAudience,
};

/// A sentence for the client and the log, without anything of the token.
Bytes describe(TokenError error);

/// A JWS in its compact form whose payload is a JWT claims set. Nothing of the claims is looked at
/// before the signature is found right.
/// `channels` is an object: patterns (see Grants) with lists of `subscribe`, `publish` (ephemeral
/// messages too), `history`, `ephemeral`, `presence`, or `*` for all; words that are not known
/// grant nothing. `join` is a list of channels, to which it lets subscribe; `info` any JSON.
/// Source: RFC 7515 §5.2; RFC 7519 §4.1, §7.2; RFC 8725.
Result<Claims, TokenError> verify_token(Bytes token, const TokenRules& rules, Timestamp now);

/// What a back end says about a client that it was asked about: a JSON object like the claims of a
/// token, with `user` for `sub` and `expires_at` for `exp` (those names count as well). Nothing in
/// it is required, and what is not known is passed over.
/// Errors: Malformed, BadClaims, Expired.
Result<Claims, TokenError> read_claims(Bytes json, Timestamp now);

/// A token with this payload (a JSON object), signed with HS256: for development.
std::string mint_token(Bytes payload, Bytes secret);

}  // namespace carillon::access
