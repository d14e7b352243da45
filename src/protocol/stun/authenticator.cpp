#include "protocol/stun/authenticator.hpp"

#include <utility>

#include "protocol/stun/limits.hpp"
#include "protocol/stun/octets.hpp"

namespace carillon::stun {
namespace {

/// PASSWORD-ALGORITHMS (§14.11): SHA-256, which we like better, and MD5; neither has parameters.
constexpr Bytes kAlgorithms("\x00\x02\x00\x00\x00\x01\x00\x00", 8);
constexpr std::size_t kAlgorithmBytes = 4;

bool is_one_of_ours(Bytes algorithm) {
  return algorithm == kAlgorithms.substr(0, kAlgorithmBytes) ||
         algorithm == kAlgorithms.substr(kAlgorithmBytes);
}

/// Which algorithm the client has chosen; a wrong or a forged choice is a bad request: whoever
/// stands between must not make it a weaker one (§9.2.4).
Result<PasswordAlgorithm, ErrorCode> algorithm_of(const Message& request, Bytes nonce) {
  const auto chosen = request.find(AttributeType::PasswordAlgorithm);
  const auto offered = request.find(AttributeType::PasswordAlgorithms);
  if (!NonceMaker::offers_algorithms(nonce) || (!chosen && !offered)) {
    return PasswordAlgorithm::Md5;
  }
  const bool is_right = chosen && offered && *offered == kAlgorithms && is_one_of_ours(*chosen);
  if (!is_right) return std::unexpected(ErrorCode::BadRequest);
  return static_cast<PasswordAlgorithm>(read_u16(*chosen, 0));
}

}  // namespace

void Identity::seal(MessageWriter& answer) const {
  sha256 ? answer.add_integrity_sha256(key) : answer.add_integrity(key);
}

struct Authenticator::Claim {
  std::optional<Bytes> username;
  std::optional<Bytes> userhash;
  Bytes realm;
  Bytes nonce;
  PasswordAlgorithm algorithm = PasswordAlgorithm::Md5;
};

Authenticator::Authenticator(std::string realm, std::string nonce_secret, const PasswordBook& book)
    : realm_(std::move(realm)), nonces_(std::move(nonce_secret)), book_(book) {}

Result<Authenticator::Claim, ErrorCode> Authenticator::claim_of(const Message& request) {
  const auto realm = request.find(AttributeType::Realm);
  const auto nonce = request.find(AttributeType::Nonce);
  Claim claim{.username = request.find(AttributeType::Username),
              .userhash = request.find(AttributeType::Userhash),
              .realm = realm.value_or(Bytes()),
              .nonce = nonce.value_or(Bytes()),
              .algorithm = {}};
  const bool named = claim.username.has_value() != claim.userhash.has_value();
  const bool short_enough = !claim.username || claim.username->size() <= limits::kUsernameBytes;
  if (!realm || !nonce || !named || !short_enough) return std::unexpected(ErrorCode::BadRequest);
  claim.algorithm = TRY(algorithm_of(request, claim.nonce));
  return claim;
}

std::optional<std::string> Authenticator::username_of(const Claim& claim) const {
  if (claim.username) return std::string(*claim.username);
  return book_.username_of(*claim.userhash);
}

Result<Identity, ErrorCode> Authenticator::check(const Message& request,
                                                 const TransportAddress& client,
                                                 TimePoint now) const {
  if (!request.has_integrity()) return std::unexpected(ErrorCode::Unauthenticated);
  const Claim claim = TRY(claim_of(request));
  // The cheapest question first: a stranger's flood should not cost us a key each.
  if (!nonces_.is_fresh(claim.nonce, client, now)) return std::unexpected(ErrorCode::StaleNonce);
  auto username = username_of(claim);
  const auto password = username ? book_.password_of(*username) : std::nullopt;
  if (!password || claim.realm != realm_) return std::unexpected(ErrorCode::Unauthenticated);
  Identity identity{
      .username = *std::move(username), .key = {}, .sha256 = request.integrity_sha256_at() != 0};
  identity.key = long_term_key(
      claim.algorithm, {.username = identity.username, .realm = realm_, .password = *password});
  if (!has_right_integrity(request, identity.key)) {
    return std::unexpected(ErrorCode::Unauthenticated);
  }
  return identity;
}

void Authenticator::challenge(MessageWriter& answer, const TransportAddress& client,
                              TimePoint now) const {
  answer.add(AttributeType::Realm, realm_);
  answer.add(AttributeType::Nonce, nonces_.make(client, now));
  answer.add(AttributeType::PasswordAlgorithms, kAlgorithms);
}

}  // namespace carillon::stun
