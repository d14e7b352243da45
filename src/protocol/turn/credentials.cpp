#include "protocol/turn/credentials.hpp"

#include <charconv>
#include <utility>

#include "core/base64.hpp"
#include "protocol/stun/digest.hpp"

namespace carillon::turn {
namespace {

constexpr std::int64_t kMicrosecondsPerSecond = 1'000'000;

std::string timed_password(Bytes secret, Bytes username) {
  return base64_encode(stun::hmac(stun::Hash::Sha1, secret, username));
}

/// The seconds in front of the colon, or the whole name.
std::optional<std::int64_t> expiry_of(Bytes username) {
  const Bytes digits = username.substr(0, username.find(':'));
  std::int64_t seconds = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), seconds);
  const bool is_right = error == std::errc() && end == digits.data() + digits.size();
  return is_right && seconds >= 0 ? std::optional(seconds) : std::nullopt;
}

}  // namespace

TimedCredential mint_credential(Bytes secret, Bytes name, Timestamp expiry) {
  TimedCredential credential;
  credential.username = std::to_string(expiry.microseconds / kMicrosecondsPerSecond);
  credential.username.append(":").append(name);
  credential.password = timed_password(secret, credential.username);
  return credential;
}

Credentials::Credentials(Bytes realm, Users users, std::string secret, WallClock clock)
    : users_(std::move(users)), secret_(std::move(secret)), clock_(std::move(clock)) {
  for (const auto& [name, password] : users_) {
    const std::string text = std::string(name).append(":").append(realm);
    names_by_hash_.emplace(stun::digest(stun::Hash::Sha256, text), name);
  }
}

std::optional<std::string> Credentials::password_of(Bytes username) const {
  if (const auto user = users_.find(username); user != users_.end()) return user->second;
  const auto expiry = secret_.empty() ? std::nullopt : expiry_of(username);
  if (!expiry || *expiry <= clock_().microseconds / kMicrosecondsPerSecond) return std::nullopt;
  return timed_password(secret_, username);
}

std::optional<std::string> Credentials::username_of(Bytes userhash) const {
  const auto found = names_by_hash_.find(userhash);
  return found == names_by_hash_.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace carillon::turn
