#include "protocol/stun/nonce.hpp"

#include <chrono>

#include "core/base64.hpp"
#include "protocol/stun/digest.hpp"
#include "protocol/stun/limits.hpp"
#include "protocol/stun/octets.hpp"

namespace carillon::stun {
namespace {

/// RFC 8489 §9.2: the cookie, and 24 bits of features in base64, the first of which is set.
constexpr Bytes kCookie = "obMatJos2gAAA";
constexpr std::size_t kTimeBytes = 4;
constexpr std::size_t kSealBytes = 8;

std::uint32_t seconds_of(TimePoint now) {
  const auto since = now.time_since_epoch();
  return static_cast<std::uint32_t>(
      std::chrono::duration_cast<std::chrono::seconds>(since).count());
}

}  // namespace

std::string NonceMaker::at(std::uint32_t seconds, const TransportAddress& client) const {
  std::string value;
  append_u32(value, seconds);
  std::string sealed = value;
  append_u16(sealed, client.port);
  sealed += client.ip_octets();
  value += Bytes(hmac(Hash::Sha256, secret_, sealed)).substr(0, kSealBytes);
  return std::string(kCookie).append(base64_encode(value));
}

std::string NonceMaker::make(const TransportAddress& client, TimePoint now) const {
  return at(seconds_of(now), client);
}

bool NonceMaker::is_fresh(Bytes nonce, const TransportAddress& client, TimePoint now) const {
  if (!nonce.starts_with(kCookie)) return false;
  const auto value = base64_decode(nonce.substr(kCookie.size()));
  if (!value || value->size() != kTimeBytes + kSealBytes) return false;
  const std::uint32_t made = read_u32(*value, 0);
  if (!same_digest(nonce, at(made, client))) return false;
  const auto age = std::chrono::seconds(seconds_of(now) - made);  // wraps round as it should
  return age <= limits::kNonceLife;
}

bool NonceMaker::offers_algorithms(Bytes nonce) {
  return nonce.starts_with(kCookie);
}

}  // namespace carillon::stun
