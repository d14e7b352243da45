#include "access/session_token.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "core/base64.hpp"
#include "core/check.hpp"

namespace carillon::access {
namespace {

/// Keeps a signature made for this purpose from being taken for one of another with that secret.
constexpr Bytes kContext = "carillon session 1\n";
constexpr std::size_t kMacBytes = 32;
constexpr char kSeparator = '\n';

bool is_client(Bytes text) {
  const auto is_octet = [](char octet) {
    return (octet >= 'a' && octet <= 'z') || (octet >= 'A' && octet <= 'Z') ||
           (octet >= '0' && octet <= '9') || octet == '_' || octet == '-';
  };
  return !text.empty() && text.size() <= kMaxSessionClientBytes &&
         std::all_of(text.begin(), text.end(), is_octet);
}

std::string mac_of(Bytes claims, Bytes secret) {
  const std::string signed_text = std::string(kContext) + std::string(claims);
  std::array<unsigned char, kMacBytes> mac{};
  std::size_t size = 0;
  const auto* octets = reinterpret_cast<const unsigned char*>(signed_text.data());
  const auto* done =
      EVP_Q_mac(nullptr, "HMAC", nullptr, "SHA256", nullptr, secret.data(), secret.size(), octets,
                signed_text.size(), mac.data(), mac.size(), &size);
  CARILLON_CHECK(done != nullptr && size == kMacBytes);
  return {mac.begin(), mac.end()};
}

/// The text up to the next separator, which is consumed with it.
std::optional<Bytes> take_line(Bytes& rest) {
  const std::size_t end = rest.find(kSeparator);
  if (end == Bytes::npos) return std::nullopt;
  const Bytes line = rest.substr(0, end);
  rest.remove_prefix(end + 1);
  return line;
}

std::optional<Timestamp> take_time(Bytes& rest) {
  const auto line = take_line(rest);
  if (!line) return std::nullopt;
  Timestamp time;
  const char* past = line->data() + line->size();
  const auto [end, error] = std::from_chars(line->data(), past, time.microseconds);
  if (error != std::errc{} || end != past) return std::nullopt;
  return time;
}

std::optional<SessionClaims> parse_claims(Bytes text) {
  const auto client = take_line(text);
  if (!client || !is_client(*client)) return std::nullopt;
  const auto issued = take_time(text);
  const auto expires = issued ? take_time(text) : std::nullopt;
  if (!expires || text.size() > kMaxSessionUserBytes) return std::nullopt;
  return SessionClaims{.client = std::string(*client),
                       .user = std::string(text),
                       .issued = *issued,
                       .expires = *expires};
}

}  // namespace

std::string sign_session(const SessionClaims& claims, Bytes secret) {
  CARILLON_CHECK(is_client(claims.client));
  CARILLON_CHECK(claims.user.size() <= kMaxSessionUserBytes);
  const std::string text = claims.client + kSeparator + std::to_string(claims.issued.microseconds) +
                           kSeparator + std::to_string(claims.expires.microseconds) + kSeparator +
                           claims.user;
  const std::string encoded = base64url_encode(text);
  return encoded + '.' + base64url_encode(mac_of(encoded, secret));
}

Result<SessionClaims, SessionTokenError> verify_session(Bytes token, Bytes secret, Timestamp now) {
  const auto malformed = std::unexpected(SessionTokenError::Malformed);
  if (token.size() > kMaxSessionTokenBytes) return malformed;
  const std::size_t dot = token.find('.');
  if (dot == Bytes::npos) return malformed;
  const auto mac = base64url_decode(token.substr(dot + 1));
  if (!mac || mac->size() != kMacBytes) return malformed;

  const Bytes encoded = token.substr(0, dot);
  const std::string expected = mac_of(encoded, secret);
  if (CRYPTO_memcmp(mac->data(), expected.data(), kMacBytes) != 0) {
    return std::unexpected(SessionTokenError::BadSignature);
  }
  const auto text = base64url_decode(encoded);
  auto claims = text ? parse_claims(*text) : std::nullopt;
  if (!claims) return malformed;
  if (claims->expires <= now) return std::unexpected(SessionTokenError::Expired);
  return *std::move(claims);
}

}  // namespace carillon::access
