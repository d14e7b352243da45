// The hash functions that STUN is built on.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "core/bytes.hpp"

namespace carillon::stun {

enum class Hash : std::uint8_t { Md5, Sha1, Sha256 };

std::string digest(Hash hash, Bytes octets);
/// RFC 2104.
std::string hmac(Hash hash, Bytes key, Bytes octets);
/// In a time that does not tell where they differ.
bool same_digest(Bytes left, Bytes right);

}  // namespace carillon::stun
