// Nonces that the server need not remember: a time and a seal over it and the client's address.
#pragma once

#include <cstdint>
#include <string>

#include "core/bytes.hpp"
#include "core/time.hpp"
#include "protocol/stun/transport_address.hpp"

namespace carillon::stun {

/// Shape:  the cookie `obMatJos2` with the security feature "password algorithms" (RFC 8489 §9.2),
///         then 16 characters of base64: the time in seconds, and 64 bits of HMAC-SHA256.
/// Thread: immutable; copies with the same secret know each other's nonces.
class NonceMaker {
 public:
  explicit NonceMaker(std::string secret) : secret_(std::move(secret)) {}

  std::string make(const TransportAddress& client, TimePoint now) const;
  /// Whether it is one of ours for that client, made within the last limits::kNonceLife.
  bool is_fresh(Bytes nonce, const TransportAddress& client, TimePoint now) const;
  /// Whether it says that we offered a choice of password algorithms.
  static bool offers_algorithms(Bytes nonce);

 private:
  std::string at(std::uint32_t seconds, const TransportAddress& client) const;

  std::string secret_;
};

}  // namespace carillon::stun
