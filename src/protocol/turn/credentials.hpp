// Who may use the relay: users with a password of their own, and whoever was given a name that
// expires by someone who knows our secret.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>

#include "core/bytes.hpp"
#include "core/time.hpp"
#include "protocol/stun/authenticator.hpp"

namespace carillon::turn {

/// A name that counts until a moment, and the password that goes with it.
struct TimedCredential {
  std::string username;
  std::string password;
};

/// The username is `expiry:name`, in seconds since 1970, the password base64 of its HMAC-SHA1 under
/// the secret: "A REST API For Access To TURN Services" (draft-uberti-behave-turn-rest-00 §2.2),
/// which coturn and others speak too.
TimedCredential mint_credential(Bytes secret, Bytes name, Timestamp expiry);

class Credentials final : public stun::PasswordBook {
 public:
  using Users = std::map<std::string, std::string, std::less<>>;
  using WallClock = std::function<Timestamp()>;

  /// `users`: passwords by name. `secret`: empty for no timed credentials.
  Credentials(Bytes realm, Users users, std::string secret, WallClock clock);

  std::optional<std::string> password_of(Bytes username) const override;
  /// Users alone: a name that was made elsewhere cannot be found by its hash.
  std::optional<std::string> username_of(Bytes userhash) const override;

 private:
  Users users_;
  std::map<std::string, std::string, std::less<>> names_by_hash_;
  std::string secret_;
  WallClock clock_;
};

}  // namespace carillon::turn
