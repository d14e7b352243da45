#include "protocol/websocket/accept_key.hpp"

#include <openssl/evp.h>

#include <array>

#include "core/base64.hpp"
#include "core/check.hpp"

namespace carillon::websocket {
namespace {

constexpr Bytes kHandshakeGuid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
constexpr std::size_t kSha1Bytes = 20;

}  // namespace

std::string accept_key(Bytes key) {
  const std::string text = std::string(key).append(kHandshakeGuid);
  std::array<unsigned char, kSha1Bytes> digest{};
  const int ok = EVP_Digest(text.data(), text.size(), digest.data(), nullptr, EVP_sha1(), nullptr);
  // Fails only where OpenSSL was built or configured without SHA-1: no input leads here.
  CARILLON_CHECK(ok == 1);
  return base64_encode({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

}  // namespace carillon::websocket
