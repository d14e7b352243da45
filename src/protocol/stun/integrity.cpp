#include "protocol/stun/integrity.hpp"

#include "protocol/stun/digest.hpp"
#include "protocol/stun/octets.hpp"

namespace carillon::stun {
namespace {

/// The octets before the attribute, with a length in the header that ends behind it.
std::string covered(Bytes message, std::size_t at, std::size_t value_bytes) {
  std::string text(message.substr(0, at));
  const std::size_t length = at + kAttributeHeadBytes + value_bytes - kHeaderBytes;
  write_u16(text.data() + 2, static_cast<std::uint16_t>(length));
  return text;
}

Bytes value_at(Bytes message, std::size_t at) {
  return message.substr(at + kAttributeHeadBytes, read_u16(message, at + 2));
}

/// §14.6: it may be cut, to no less than 16 octets, in steps of 4.
bool is_cut_well(std::size_t size) {
  return size >= 16 && size <= kIntegritySha256Bytes && size % 4 == 0;
}

}  // namespace

std::string long_term_key(PasswordAlgorithm algorithm, const Credential& credential) {
  std::string text(credential.username);
  text.append(":").append(credential.realm).append(":").append(credential.password);
  return digest(algorithm == PasswordAlgorithm::Md5 ? Hash::Md5 : Hash::Sha256, text);
}

std::string integrity(Bytes message, std::size_t at, Bytes key) {
  return hmac(Hash::Sha1, key, covered(message, at, kIntegrityBytes));
}

std::string integrity_sha256(Bytes message, std::size_t at, Bytes key, std::size_t size) {
  return hmac(Hash::Sha256, key, covered(message, at, size)).substr(0, size);
}

bool has_right_integrity(const Message& message, Bytes key) {
  const Bytes octets = message.octets();
  if (const std::size_t at = message.integrity_sha256_at(); at != 0) {
    const Bytes value = value_at(octets, at);
    return is_cut_well(value.size()) &&
           same_digest(value, integrity_sha256(octets, at, key, value.size()));
  }
  const std::size_t at = message.integrity_at();
  return at != 0 && same_digest(value_at(octets, at), integrity(octets, at, key));
}

}  // namespace carillon::stun
