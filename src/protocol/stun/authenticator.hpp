// The server's side of the long-term credential mechanism (RFC 8489 §9.2.4): who sends a request.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "core/bytes.hpp"
#include "core/result.hpp"
#include "core/time.hpp"
#include "protocol/stun/error.hpp"
#include "protocol/stun/integrity.hpp"
#include "protocol/stun/message.hpp"
#include "protocol/stun/message_writer.hpp"
#include "protocol/stun/nonce.hpp"
#include "protocol/stun/transport_address.hpp"

namespace carillon::stun {

/// Whose request it is, and how its answer is to be sealed.
struct Identity {
  std::string username;
  std::string key;
  bool sha256 = false;  // the answer has MESSAGE-INTEGRITY-SHA256

  /// Adds the integrity that the request had.
  void seal(MessageWriter& answer) const;
};

/// Looks passwords up.
class PasswordBook {
 public:
  virtual ~PasswordBook() = default;
  /// Empty: there is no such user, or not any more.
  virtual std::optional<std::string> password_of(Bytes username) const = 0;
  /// The user whose USERHASH this is: SHA-256 of `username:realm` (§14.4). Empty: none, or none
  /// that can be found this way.
  virtual std::optional<std::string> username_of(Bytes userhash) const = 0;
};

class Authenticator {
 public:
  /// `realm`: at most limits::kRealmBytes.
  Authenticator(std::string realm, std::string nonce_secret, const PasswordBook& book);

  /// Errors: BadRequest, Unauthenticated, StaleNonce; the last two go with challenge().
  Result<Identity, ErrorCode> check(const Message& request, const TransportAddress& client,
                                    TimePoint now) const;
  /// Adds REALM, NONCE and PASSWORD-ALGORITHMS: what the next try needs.
  void challenge(MessageWriter& answer, const TransportAddress& client, TimePoint now) const;

 private:
  struct Claim;
  static Result<Claim, ErrorCode> claim_of(const Message& request);
  std::optional<std::string> username_of(const Claim& claim) const;

  std::string realm_;
  NonceMaker nonces_;
  const PasswordBook& book_;
};

}  // namespace carillon::stun
