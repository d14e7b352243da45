#include "net/tls_context.hpp"

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <array>
#include <utility>

namespace carillon::net {
namespace {

constexpr std::uint64_t kSslOptions = SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION |
                                      SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA |
                                      SSL_OP_SINGLE_ECDH_USE;
/// RSA keys of 2,048 bits at least, no SHA-1.
constexpr int kSecurityLevel = 2;

const TlsContext& context_of(SSL* session) {
  return *static_cast<const TlsContext*>(SSL_CTX_get_app_data(SSL_get_SSL_CTX(session)));
}

int choose_certificate(SSL* session, void* /*unused*/) {
  const char* host = SSL_get_servername(session, TLSEXT_NAMETYPE_host_name);
  const TlsCertificate& chosen =
      context_of(session).certificates().for_host(host == nullptr ? "" : host);
  return SSL_use_cert_and_key(session, chosen.leaf(), chosen.key(), chosen.chain(), 1);
}

/// The peer's list and ours are both well formed: OpenSSL has seen to the one, `make` to the other.
int choose_protocol(SSL* session, const unsigned char** chosen, unsigned char* size,
                    const unsigned char* offered, unsigned int offered_size, void* /*unused*/) {
  const std::string& ours = context_of(session).protocol_list();
  auto* found = static_cast<unsigned char*>(nullptr);
  const int result =
      SSL_select_next_proto(&found, size, reinterpret_cast<const unsigned char*>(ours.data()),
                            static_cast<unsigned int>(ours.size()), offered, offered_size);
  if (result != OPENSSL_NPN_NEGOTIATED) return SSL_TLSEXT_ERR_ALERT_FATAL;
  *chosen = found;
  return SSL_TLSEXT_ERR_OK;
}

bool prepare_mac(EVP_MAC_CTX* mac, const TicketKey& key) {
  std::string digest = "SHA256";
  auto* octets = const_cast<unsigned char*>(key.mac.data());  // it is only read
  const std::array<OSSL_PARAM, 3> parameters = {
      OSSL_PARAM_construct_octet_string(OSSL_MAC_PARAM_KEY, octets, key.mac.size()),
      OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest.data(), 0),
      OSSL_PARAM_construct_end()};
  return EVP_MAC_CTX_set_params(mac, parameters.data()) == 1;
}

int seal_ticket(const TicketKeys& keys, unsigned char* name, unsigned char* vector,
                EVP_CIPHER_CTX* cipher, EVP_MAC_CTX* mac) {
  const TicketKey* key = keys.newest();
  if (key == nullptr) return 0;
  const int vector_size = EVP_CIPHER_get_iv_length(EVP_aes_256_cbc());
  if (RAND_bytes(vector, vector_size) != 1) return -1;
  std::ranges::copy(key->name, name);
  const bool ready =
      EVP_EncryptInit_ex2(cipher, EVP_aes_256_cbc(), key->cipher.data(), vector, nullptr) == 1 &&
      prepare_mac(mac, *key);
  return ready ? 1 : -1;
}

/// Source: SSL_CTX_set_tlsext_ticket_key_evp_cb(3): 0 unknown, 1 good, 2 good and due for a new
/// one.
int open_ticket(const TicketKeys& keys, const unsigned char* name, const unsigned char* vector,
                EVP_CIPHER_CTX* cipher, EVP_MAC_CTX* mac) {
  const TicketKey* key = keys.find(std::span<const unsigned char, 16>(name, 16));
  if (key == nullptr) return 0;
  const bool ready =
      EVP_DecryptInit_ex2(cipher, EVP_aes_256_cbc(), key->cipher.data(), vector, nullptr) == 1 &&
      prepare_mac(mac, *key);
  if (!ready) return -1;
  return key == keys.newest() ? 1 : 2;
}

int use_ticket_key(SSL* session, unsigned char* name, unsigned char* vector, EVP_CIPHER_CTX* cipher,
                   EVP_MAC_CTX* mac, int sealing) {
  const TicketKeys& keys = context_of(session).ticket_keys();
  return sealing != 0 ? seal_ticket(keys, name, vector, cipher, mac)
                      : open_ticket(keys, name, vector, cipher, mac);
}

std::string protocol_list_of(const std::vector<std::string>& protocols) {
  std::string list;
  for (const std::string& protocol : protocols) {
    list += static_cast<char>(protocol.size());
    list += protocol;
  }
  return list;
}

std::unexpected<std::string> wrong(std::string_view option, const std::string& value) {
  return std::unexpected(std::string(option) + " \"" + value +
                         "\" is not known to OpenSSL: " + take_tls_error());
}

/// A ticket of before must not get in where certificates of clients are judged differently now.
bool bind_sessions(SSL_CTX* context, const TlsOptions& options) {
  const std::string stance = std::to_string(static_cast<int>(options.client_certificates)) +
                             options.client_authorities_pem;
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  return EVP_Digest(stance.data(), stance.size(), digest.data(), &size, EVP_sha256(), nullptr) ==
             1 &&
         SSL_CTX_set_session_id_context(context, digest.data(), size) == 1;
}

bool add_authorities(SSL_CTX* context, const std::string& pem) {
  X509_STORE* store = SSL_CTX_get_cert_store(context);
  const std::vector<X509Handle> authorities = read_certificates(pem);
  return !authorities.empty() && std::ranges::all_of(authorities, [&](const X509Handle& each) {
    return X509_STORE_add_cert(store, each.get()) == 1 &&
           SSL_CTX_add_client_CA(context, each.get()) == 1;
  });
}

}  // namespace

TlsContext::TlsContext(std::shared_ptr<const TlsCertificates> certificates, TicketKeys& ticket_keys)
    : native_(SSL_CTX_new(TLS_server_method())),
      certificates_(std::move(certificates)),
      ticket_keys_(ticket_keys) {}

Result<std::shared_ptr<const TlsContext>, std::string> TlsContext::make(
    const TlsOptions& options, std::shared_ptr<const TlsCertificates> certificates,
    TicketKeys& ticket_keys) {
  std::shared_ptr<TlsContext> made(new TlsContext(std::move(certificates), ticket_keys));
  if (!made->native_) return std::unexpected("OpenSSL cannot be used: " + take_tls_error());
  if (auto applied = made->apply(options); !applied) {
    return std::unexpected(std::move(applied).error());
  }
  return made;
}

Result<void, std::string> TlsContext::apply(const TlsOptions& options) {
  SSL_CTX* context = native_.get();
  protocol_list_ = protocol_list_of(options.application_protocols);
  SSL_CTX_set_app_data(context, this);
  SSL_CTX_set_options(context, kSslOptions);
  SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_security_level(context, kSecurityLevel);
  SSL_CTX_set_timeout(context, static_cast<long>(options.ticket_lifetime.count()));
  const int version = options.min_version == TlsVersion::Tls12 ? TLS1_2_VERSION : TLS1_3_VERSION;
  if (SSL_CTX_set_min_proto_version(context, version) != 1) return wrong("min_version", "");
  if (SSL_CTX_set_cipher_list(context, options.ciphers.c_str()) != 1) {
    return wrong("ciphers", options.ciphers);
  }
  if (SSL_CTX_set_ciphersuites(context, options.cipher_suites.c_str()) != 1) {
    return wrong("cipher_suites", options.cipher_suites);
  }
  if (SSL_CTX_set1_groups_list(context, options.groups.c_str()) != 1) {
    return wrong("groups", options.groups);
  }
  SSL_CTX_set_cert_cb(context, choose_certificate, nullptr);
  SSL_CTX_set_alpn_select_cb(context, choose_protocol, nullptr);
  SSL_CTX_set_tlsext_ticket_key_evp_cb(context, use_ticket_key);
  if (!bind_sessions(context, options)) return std::unexpected(take_tls_error());
  TRY(try_certificates());
  return apply_client_certificates(options);
}

/// What OpenSSL would refuse at each handshake it refuses here.
Result<void, std::string> TlsContext::try_certificates() {
  if (!certificates_) return {};
  for (const TlsCertificate& each : certificates_->all()) {
    if (SSL_CTX_use_cert_and_key(native_.get(), each.leaf(), each.key(), each.chain(), 1) == 1) {
      continue;
    }
    const std::string name = each.names().empty() ? std::string("no name") : each.names().front();
    return std::unexpected("the certificate for " + name + " cannot be used: " + take_tls_error());
  }
  return {};
}

Result<void, std::string> TlsContext::apply_client_certificates(const TlsOptions& options) {
  if (options.client_certificates == ClientCertificates::Off) return {};
  if (!add_authorities(native_.get(), options.client_authorities_pem)) {
    return std::unexpected(
        "client_ca does not hold certificates (PEM) of who signs those of clients, or "
        "one that cannot be read");
  }
  const bool required = options.client_certificates == ClientCertificates::Required;
  SSL_CTX_set_verify(native_.get(),
                     SSL_VERIFY_PEER | (required ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0), nullptr);
  // Who comes back with a ticket is not judged again, and gets another: for ever.
  SSL_CTX_set_options(native_.get(), SSL_OP_NO_TICKET);
  SSL_CTX_set_num_tickets(native_.get(), 0);
  return {};
}

}  // namespace carillon::net
