// The session token: what lets a client come back as the same client, on any node.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "core/bytes.hpp"
#include "core/result.hpp"
#include "core/time.hpp"

namespace carillon::access {

constexpr std::size_t kMaxSessionClientBytes = 64;
constexpr std::size_t kMaxSessionUserBytes = 256;
/// Of a token, in octets; longer ones are refused unread.
constexpr std::size_t kMaxSessionTokenBytes = 640;

struct SessionClaims {
  std::string client;  // 1–64 of [A-Za-z0-9_-]
  std::string user;    // any octets; empty: anonymous
  Timestamp issued;
  Timestamp expires;
  bool operator==(const SessionClaims&) const = default;
};

enum class SessionTokenError : std::uint8_t {
  Malformed,     // not of this form, or too long
  BadSignature,  // of another secret, or tampered with
  Expired,
};

/// Shape:  base64url(claims) "." base64url(HMAC-SHA256(secret, context, claims)). Readable by the
///         client, so nothing secret goes in.
/// Errors: the claims must be within the limits above; they are the server's own.
std::string sign_session(const SessionClaims& claims, Bytes secret);

/// The claims of a token of ours. The signature is compared in constant time and before anything
/// else is read.
/// Source: RFC 2104; RFC 6234.
Result<SessionClaims, SessionTokenError> verify_session(Bytes token, Bytes secret, Timestamp now);

}  // namespace carillon::access
