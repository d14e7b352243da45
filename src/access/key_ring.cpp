#include "access/key_ring.hpp"

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>
#include <utility>

#include "access/token_json.hpp"
#include "core/base64.hpp"

namespace carillon::access {
namespace {

using nlohmann::json;

constexpr std::size_t kMostTried = 8;

std::string text_of(const json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

Result<std::string, std::string> octets_of(const json& object, const char* name) {
  const std::string text = text_of(object, name);
  auto octets = base64url_decode(text);
  if (text.empty() || !octets) {
    return std::unexpected(std::string("'") + name + "' is not base64url text");
  }
  return *std::move(octets);
}

/// A member whose type is not what it should be says something that we do not understand.
Result<void, std::string> check_members(const json& jwk) {
  for (const char* name : {"kty", "use", "alg", "kid", "crv"}) {
    const auto found = jwk.find(name);
    if (found != jwk.end() && !found->is_string()) {
      return std::unexpected(std::string("'") + name + "' is not a text");
    }
  }
  return {};
}

bool may_verify(const json& jwk) {
  const auto found = jwk.find("key_ops");
  if (found == jwk.end()) return true;
  return found->is_array() && std::ranges::find(*found, json("verify")) != found->end();
}

/// Kinds that this server does not know are no fault of the set (RFC 7517 §5).
bool is_ours(const json& jwk) {
  const std::string type = text_of(jwk, "kty");
  const std::string curve = text_of(jwk, "crv");
  const std::string use = text_of(jwk, "use");
  const std::string algorithm = text_of(jwk, "alg");
  const bool is_known = type == "oct" || type == "RSA" || (type == "EC" && curve == "P-256") ||
                        (type == "OKP" && curve == "Ed25519");
  return is_known && may_verify(jwk) && (use.empty() || use == "sig") &&
         (algorithm.empty() || parse_algorithm(algorithm));
}

Result<VerificationKey, std::string> key_of(const json& jwk) {
  const std::string type = text_of(jwk, "kty");
  if (type == "oct") {
    const std::string secret = TRY(octets_of(jwk, "k"));
    return VerificationKey::of_secret(secret);
  }
  if (type == "RSA") {
    const std::string modulus = TRY(octets_of(jwk, "n"));
    const std::string exponent = TRY(octets_of(jwk, "e"));
    return VerificationKey::of_rsa(modulus, exponent);
  }
  const std::string x = TRY(octets_of(jwk, "x"));
  if (type == "OKP") return VerificationKey::of_ed25519(x);
  const std::string y = TRY(octets_of(jwk, "y"));
  return VerificationKey::of_p256(x, y);
}

Result<VerificationKey, std::string> restricted_key_of(const json& jwk) {
  VerificationKey key = TRY(key_of(jwk));
  const auto algorithm = parse_algorithm(text_of(jwk, "alg"));
  if (algorithm && !key.restrict_to(*algorithm)) {
    return std::unexpected("'alg' is not for a key of this kind");
  }
  return key;
}

}  // namespace

void KeyRing::add(std::string id, VerificationKey key) {
  keys_.push_back({.id = std::move(id), .key = std::move(key)});
}

Result<void, std::string> KeyRing::add_jwks(Bytes text) {
  const auto set = parse_token_json(text);
  const bool has_keys = set && set->contains("keys") && set->at("keys").is_array();
  if (!has_keys) {
    return std::unexpected("it is no JWK Set: an object with an array 'keys' (RFC 7517)");
  }
  const json& jwks = set->at("keys");
  if (jwks.size() > kMostKeys) return std::unexpected("more than 100 keys");
  std::vector<Key> found;
  for (std::size_t i = 0; i < jwks.size(); ++i) {
    const json& jwk = jwks[i];
    if (!jwk.is_object()) continue;
    const std::string id = text_of(jwk, "kid");
    const std::string name = id.empty() ? "number " + std::to_string(i + 1) : "'" + id + "'";
    if (const auto checked = check_members(jwk); !checked) {
      return std::unexpected("key " + name + ": " + checked.error());
    }
    if (!is_ours(jwk)) continue;
    auto key = restricted_key_of(jwk);
    if (!key) return std::unexpected("key " + name + ": " + key.error());
    found.push_back({.id = id, .key = *std::move(key)});
  }
  if (found.empty()) {
    return std::unexpected("no key in it is one of oct, RSA, EC P-256 or OKP Ed25519 to sign with");
  }
  std::ranges::move(found, std::back_inserter(keys_));
  return {};
}

std::vector<const KeyRing::Key*> KeyRing::candidates(Algorithm algorithm,
                                                     std::optional<Bytes> kid) const {
  std::vector<const Key*> named;
  std::vector<const Key*> others;
  for (const Key& each : keys_) {
    if (!each.key.takes(algorithm)) continue;
    if (kid && !each.id.empty() && each.id == *kid) {
      named.push_back(&each);
    } else if (!kid || each.id.empty()) {
      others.push_back(&each);
    }
  }
  std::ranges::copy(others, std::back_inserter(named));
  named.resize(std::min(named.size(), kMostTried));
  return named;
}

KeyRing::Answer KeyRing::check(Algorithm algorithm, std::optional<Bytes> kid, Bytes text,
                               Bytes signature) const {
  const std::vector<const Key*> tried = candidates(algorithm, kid);
  const bool is_right = std::ranges::any_of(
      tried, [&](const Key* each) { return each->key.verifies(algorithm, text, signature); });
  if (is_right) return Answer::Right;
  return tried.empty() ? Answer::NoKey : Answer::Wrong;
}

}  // namespace carillon::access
