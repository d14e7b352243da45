// MESSAGE-INTEGRITY and MESSAGE-INTEGRITY-SHA256: proof that a message comes from whoever knows
// the password (RFC 8489 §9, §14.5, §14.6).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "core/bytes.hpp"
#include "protocol/stun/message.hpp"

namespace carillon::stun {

inline constexpr std::size_t kIntegrityBytes = 20;
inline constexpr std::size_t kIntegritySha256Bytes = 32;

/// How a password becomes the key of a long-term credential; the numbers of the wire (§18.5).
enum class PasswordAlgorithm : std::uint16_t { Md5 = 1, Sha256 = 2 };

struct Credential {
  Bytes username;
  Bytes realm;
  Bytes password;
};

/// The key of a long-term credential: the hash of `username:realm:password`. Username, realm and
/// password are taken as they are: OpaqueString (RFC 8265) leaves what real clients send alone.
/// Source: RFC 8489 §18.5.1.
std::string long_term_key(PasswordAlgorithm algorithm, const Credential& credential);

/// Whether the strongest integrity that the message has fits the key; false where it has none.
/// Of a short-term credential the key is the password itself.
bool has_right_integrity(const Message& message, Bytes key);

/// The value of an integrity attribute that begins at `at`, and ends after `size` octets of value.
std::string integrity(Bytes message, std::size_t at, Bytes key);
std::string integrity_sha256(Bytes message, std::size_t at, Bytes key,
                             std::size_t size = kIntegritySha256Bytes);

}  // namespace carillon::stun
