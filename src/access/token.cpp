#include "access/token.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>

#include "access/token_json.hpp"
#include "core/base64.hpp"

namespace carillon::access {
namespace {

using nlohmann::json;

/// In seconds since 1970: a NumericDate beyond it is a slip of units.
constexpr double kLatestDate = 1e11;

/// The three parts of a compact JWS, and what of it is signed.
struct Parts {
  std::string header;
  std::string payload;
  std::string signature;
  Bytes signed_text;
};

std::optional<Parts> split(Bytes token) {
  const std::size_t first = token.find('.');
  const std::size_t last = token.rfind('.');
  if (token.size() > kMaxTokenBytes || first == last) return std::nullopt;
  auto header = base64url_decode(token.substr(0, first));
  auto payload = base64url_decode(token.substr(first + 1, last - first - 1));
  auto signature = base64url_decode(token.substr(last + 1));
  if (!header || !payload || !signature) return std::nullopt;
  return Parts{.header = *std::move(header),
               .payload = *std::move(payload),
               .signature = *std::move(signature),
               .signed_text = token.substr(0, last)};
}

Result<void, TokenError> check_signature(const Parts& parts, const KeyRing& keys) {
  const auto header = parse_token_json(parts.header);
  if (!header) return std::unexpected(TokenError::Malformed);
  if (header->contains("crit")) return std::unexpected(TokenError::Critical);
  const auto name = header->find("alg");
  const bool is_named = name != header->end() && name->is_string();
  const auto algorithm =
      is_named ? parse_algorithm(name->get_ref<const std::string&>()) : std::optional<Algorithm>{};
  if (!algorithm) return std::unexpected(TokenError::UnknownAlgorithm);
  std::optional<Bytes> kid;
  if (const auto found = header->find("kid"); found != header->end()) {
    if (!found->is_string()) return std::unexpected(TokenError::Malformed);
    kid = found->get_ref<const std::string&>();
  }
  switch (keys.check(*algorithm, kid, parts.signed_text, parts.signature)) {
    case KeyRing::Answer::Right:
      return {};
    case KeyRing::Answer::Wrong:
      return std::unexpected(TokenError::BadSignature);
    case KeyRing::Answer::NoKey:
      break;
  }
  return std::unexpected(TokenError::UnknownKey);
}

// --- Claims -----------------------------------------------------------------------------------

/// Empty where there is no such claim. Errors: BadClaims for what is no date.
Result<std::optional<Timestamp>, TokenError> date_of(const json& claims, const char* name) {
  const auto found = claims.find(name);
  if (found == claims.end()) return std::optional<Timestamp>{};
  if (!found->is_number()) return std::unexpected(TokenError::BadClaims);
  const double seconds = found->get<double>();
  if (!(seconds >= 0 && seconds <= kLatestDate)) return std::unexpected(TokenError::BadClaims);
  return Timestamp{static_cast<std::int64_t>(std::floor(seconds * 1e6))};
}

Timestamp later(Timestamp time, std::chrono::seconds by) {
  return Timestamp{time.microseconds + std::chrono::microseconds(by).count()};
}

/// Fills in `expires`, with the leeway, and `issued`.
Result<void, TokenError> read_dates(const json& claims, std::chrono::seconds leeway, Timestamp now,
                                    Claims& result) {
  auto expires = TRY(date_of(claims, "exp"));
  const auto begins = TRY(date_of(claims, "nbf"));
  result.issued = TRY(date_of(claims, "iat"));
  const Timestamp latest_begin = later(now, leeway);
  if ((begins && *begins > latest_begin) || (result.issued && *result.issued > latest_begin)) {
    return std::unexpected(TokenError::NotYetValid);
  }
  if (expires) expires = later(*expires, leeway);
  if (expires && *expires <= now) return std::unexpected(TokenError::Expired);
  result.expires = expires;
  return {};
}

bool has_audience(const json& claims, const std::string& wanted) {
  const auto found = claims.find("aud");
  if (found == claims.end()) return wanted.empty();
  if (wanted.empty()) return false;
  if (found->is_string()) return *found == wanted;
  return found->is_array() && std::find(found->begin(), found->end(), wanted) != found->end();
}

Result<void, TokenError> check_parties(const json& claims, const TokenRules& rules) {
  if (!rules.issuer.empty()) {
    const auto issuer = claims.find("iss");
    const bool is_right = issuer != claims.end() && *issuer == rules.issuer;
    if (!is_right) return std::unexpected(TokenError::WrongIssuer);
  }
  if (!has_audience(claims, rules.audience)) return std::unexpected(TokenError::WrongAudience);
  return {};
}

/// Empty where there is no such claim. Errors: BadClaims for what cannot be a name.
Result<std::string, TokenError> name_of(const json& claims, const char* claim) {
  const auto found = claims.find(claim);
  if (found == claims.end()) return std::string{};
  if (!found->is_string()) return std::unexpected(TokenError::BadClaims);
  std::string name = found->get<std::string>();
  const bool has_control =
      std::ranges::any_of(name, [](char octet) { return octet >= 0 && octet < ' '; });
  if (name.size() > kMaxTokenNameBytes || has_control) {
    return std::unexpected(TokenError::BadClaims);
  }
  return name;
}

Result<std::string, TokenError> info_of(const json& claims) {
  const auto found = claims.find("info");
  if (found == claims.end()) return std::string{};
  std::string text = found->dump();
  if (text.size() > kMaxTokenInfoBytes) return std::unexpected(TokenError::BadClaims);
  return text;
}

Result<ActionSet, TokenError> actions_of(const json& words) {
  if (!words.is_array()) return std::unexpected(TokenError::BadClaims);
  ActionSet actions;
  for (const json& word : words) {
    if (!word.is_string()) return std::unexpected(TokenError::BadClaims);
    if (word == "*") return ActionSet::every();
    const auto action = parse_action(word.get_ref<const std::string&>());
    if (!action) continue;
    actions.add(*action);
    if (*action == Action::Publish) actions.add(Action::Ephemeral);
  }
  return actions;
}

Result<Grants, TokenError> grants_of(const json& claims) {
  Grants grants;
  const auto channels = claims.find("channels");
  if (channels == claims.end()) return grants;
  if (!channels->is_object()) return std::unexpected(TokenError::BadClaims);
  for (const auto& [pattern, words] : channels->items()) {
    const ActionSet actions = TRY(actions_of(words));
    if (!grants.add(pattern, actions)) return std::unexpected(TokenError::BadClaims);
  }
  return grants;
}

/// Whom the server lets in there may be there.
Result<void, TokenError> read_joins(const json& claims, Claims& result) {
  const auto channels = claims.find("join");
  if (channels == claims.end()) return {};
  if (!channels->is_array() || channels->size() > kMostJoins) {
    return std::unexpected(TokenError::BadClaims);
  }
  ActionSet subscribe;
  subscribe.add(Action::Subscribe);
  for (const json& channel : *channels) {
    if (!channel.is_string()) return std::unexpected(TokenError::BadClaims);
    const auto& name = channel.get_ref<const std::string&>();
    const bool is_pattern = name.find('*') != std::string::npos;
    if (is_pattern || !result.grants.add(name, subscribe)) {
      return std::unexpected(TokenError::BadClaims);
    }
    result.join.push_back(name);
  }
  return {};
}

/// Everything that is about the client, not about the token.
Result<Claims, TokenError> claims_in(const json& object, std::chrono::seconds leeway,
                                     Timestamp now) {
  Claims claims;
  TRY(read_dates(object, leeway, now, claims));
  claims.user = TRY(name_of(object, "sub"));
  claims.id = TRY(name_of(object, "jti"));
  claims.info = TRY(info_of(object));
  claims.grants = TRY(grants_of(object));
  TRY(read_joins(object, claims));
  return claims;
}

/// Gives a member the name by which tokens have it.
void rename(json& object, const char* from, const char* to) {
  const auto found = object.find(from);
  if (found != object.end() && !object.contains(to)) object[to] = *found;
}

}  // namespace

Bytes describe(TokenError error) {
  switch (error) {
    case TokenError::Malformed:
      return "it is not a signed JWT in the compact form";
    case TokenError::UnknownAlgorithm:
      return "its 'alg' is none of HS256, HS384, HS512, RS256, PS256, ES256, EdDSA";
    case TokenError::Critical:
      return "its 'crit' names extensions, of which none is known here";
    case TokenError::UnknownKey:
      return "no key of this server is for its 'alg' and 'kid'";
    case TokenError::BadSignature:
      return "its signature is wrong";
    case TokenError::BadClaims:
      return "a claim in it is not what it should be: 'sub' and 'jti' texts of at most 256 octets, "
             "'exp', 'nbf', 'iat' seconds since 1970, 'channels' an object of patterns with lists "
             "of words, 'join' a list of at most 100 channels, 'info' at most 1,024 octets of "
             "JSON";
    case TokenError::Expired:
      return "it has expired";
    case TokenError::NotYetValid:
      return "it is not valid yet";
    case TokenError::WrongIssuer:
      return "its 'iss' is not [access] token_issuer";
    case TokenError::WrongAudience:
      break;
  }
  return "its 'aud' is not [access] token_audience";
}

Result<Claims, TokenError> verify_token(Bytes token, const TokenRules& rules, Timestamp now) {
  const auto parts = split(token);
  if (!parts) return std::unexpected(TokenError::Malformed);
  TRY(check_signature(*parts, rules.keys));
  const auto claims = parse_token_json(parts->payload);
  if (!claims) return std::unexpected(TokenError::BadClaims);
  TRY(check_parties(*claims, rules));
  return claims_in(*claims, rules.leeway, now);
}

Result<Claims, TokenError> read_claims(Bytes text, Timestamp now) {
  auto object = parse_token_json(text);
  if (!object) return std::unexpected(TokenError::Malformed);
  rename(*object, "user", "sub");
  rename(*object, "expires_at", "exp");
  return claims_in(*object, std::chrono::seconds(0), now);
}

std::string mint_token(Bytes payload, Bytes secret) {
  std::string token = base64url_encode(R"({"alg":"HS256","typ":"JWT"})");
  token += '.';
  token += base64url_encode(payload);
  const std::string signature = sign_with_secret(Algorithm::Hs256, token, secret);
  return token + '.' + base64url_encode(signature);
}

}  // namespace carillon::access
