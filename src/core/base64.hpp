// Base64 for binary data on JSON forms and for handshake keys (RFC 4648 §4), and its
// URL-safe form without padding for tokens (§5).
#pragma once

#include <optional>
#include <string>

#include "core/bytes.hpp"

namespace carillon {

std::string base64_encode(Bytes octets);
void append_base64(std::string& out, Bytes octets);
/// Strict: padding is required, nothing but the alphabet, unused bits are zero.
std::optional<std::string> base64_decode(Bytes text);

std::string base64url_encode(Bytes octets);
/// Strict: no padding, unused bits are zero.
std::optional<std::string> base64url_decode(Bytes text);

}  // namespace carillon
