#include "access/api_key.hpp"

#include <openssl/crypto.h>
#include <openssl/sha.h>

#include <utility>

namespace carillon::access {

void ApiKeys::add(Bytes secret, ApiKey key) {
  keys_.push_back(
      {.digest = digest_of(secret), .key = std::make_shared<const ApiKey>(std::move(key))});
}

std::shared_ptr<const ApiKey> ApiKeys::find(Bytes secret) const {
  const Digest digest = digest_of(secret);
  std::shared_ptr<const ApiKey> found;
  for (const Entry& entry : keys_) {
    if (CRYPTO_memcmp(entry.digest.data(), digest.data(), kDigestBytes) == 0) found = entry.key;
  }
  return found;
}

ApiKeys::Digest ApiKeys::digest_of(Bytes secret) {
  Digest digest;
  static_assert(kDigestBytes == SHA256_DIGEST_LENGTH);
  SHA256(reinterpret_cast<const unsigned char*>(secret.data()), secret.size(), digest.data());
  return digest;
}

}  // namespace carillon::access
