// Every bound of this module, with its unit and its reason.
#pragma once

#include <chrono>
#include <cstddef>

#include "core/time.hpp"

namespace carillon::stun::limits {

/// Attributes in one message: requests of real clients have about ten.
inline constexpr std::size_t kAttributes = 64;
/// Octets of a USERNAME (RFC 8489 §14.3: fewer than 509).
inline constexpr std::size_t kUsernameBytes = 508;
/// Octets of our REALM: so that an answer to a stranger keeps within kStrangerAnswerBytes.
inline constexpr std::size_t kRealmBytes = 24;
/// Octets of any answer to whoever has not shown a password: a forged source address must not make
/// us a gun.
inline constexpr std::size_t kStrangerAnswerBytes = 128;
/// Unknown attributes that an answer lists.
inline constexpr std::size_t kUnknownAttributes = 16;
/// How long a nonce counts. RFC 8656 §5 says an hour at most.
inline constexpr Duration kNonceLife = std::chrono::minutes(10);

}  // namespace carillon::stun::limits
