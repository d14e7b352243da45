#include "protocol/stun/digest.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>

#include "core/check.hpp"

namespace carillon::stun {
namespace {

const EVP_MD* method_of(Hash hash) {
  switch (hash) {
    case Hash::Md5:
      return EVP_md5();
    case Hash::Sha1:
      return EVP_sha1();
    case Hash::Sha256:
      break;
  }
  return EVP_sha256();
}

}  // namespace

std::string digest(Hash hash, Bytes octets) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> value{};
  unsigned size = 0;
  const int ok =
      EVP_Digest(octets.data(), octets.size(), value.data(), &size, method_of(hash), nullptr);
  // Fails only where OpenSSL was built or configured without it: no input leads here.
  CARILLON_CHECK(ok == 1);
  return {reinterpret_cast<const char*>(value.data()), size};
}

std::string hmac(Hash hash, Bytes key, Bytes octets) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> value{};
  unsigned size = 0;
  const auto* text = reinterpret_cast<const unsigned char*>(octets.data());
  const unsigned char* done = HMAC(method_of(hash), key.data(), static_cast<int>(key.size()), text,
                                   octets.size(), value.data(), &size);
  CARILLON_CHECK(done != nullptr);
  return {reinterpret_cast<const char*>(value.data()), size};
}

bool same_digest(Bytes left, Bytes right) {
  return left.size() == right.size() && CRYPTO_memcmp(left.data(), right.data(), left.size()) == 0;
}

}  // namespace carillon::stun
