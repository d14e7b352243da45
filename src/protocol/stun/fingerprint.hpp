// FINGERPRINT: tells STUN from whatever else arrives on the same port (RFC 8489 §7, §14.7).
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/bytes.hpp"

namespace carillon::stun {

inline constexpr std::size_t kFingerprintBytes = 4;

/// The value for a message whose octets before the attribute these are; its length, in the header,
/// counts the attribute already.
std::uint32_t fingerprint(Bytes before);

}  // namespace carillon::stun
