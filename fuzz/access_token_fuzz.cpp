// Tokens and key sets: nothing without our signature is accepted, and whatever claims we sign are
// read or refused.
#include <cstddef>
#include <cstdint>
#include <string>

#include "access/token.hpp"
#include "core/check.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace carillon;
  using namespace carillon::access;

  const Bytes input(reinterpret_cast<const char*>(data), size);
  static const std::string kSecret = "a secret that no input can know of";
  static const TokenRules kRules = [] {
    TokenRules rules;
    rules.keys.add({}, *VerificationKey::of_secret(kSecret));
    return rules;
  }();
  CARILLON_CHECK(!verify_token(input, kRules, Timestamp{0}));
  const auto claims = verify_token(mint_token(input, kSecret), kRules, Timestamp{0});
  if (claims) {
    CARILLON_CHECK(claims->user.size() <= kMaxTokenNameBytes);
    CARILLON_CHECK(!claims->expires || claims->expires->microseconds > 0);
  } else {
    CARILLON_CHECK(!describe(claims.error()).empty());
  }
  KeyRing ring;
  const auto added = ring.add_jwks(input);
  CARILLON_CHECK(added ? !ring.empty() : !added.error().empty());
  return 0;
}
