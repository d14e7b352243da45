#include "net/tls_handles.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

namespace carillon::net {

void TlsFree::operator()(bio_st* bio) const {
  BIO_free(bio);
}

void TlsFree::operator()(evp_pkey_st* key) const {
  EVP_PKEY_free(key);
}

void TlsFree::operator()(ssl_st* session) const {
  SSL_free(session);
}

void TlsFree::operator()(ssl_ctx_st* context) const {
  SSL_CTX_free(context);
}

void TlsFree::operator()(stack_st_X509* chain) const {
  sk_X509_pop_free(chain, X509_free);
}

void TlsFree::operator()(x509_st* certificate) const {
  X509_free(certificate);
}

bool pem_has_ended() {
  const unsigned long code = ERR_peek_last_error();
  ERR_clear_error();
  return ERR_GET_LIB(code) == ERR_LIB_PEM && ERR_GET_REASON(code) == PEM_R_NO_START_LINE;
}

std::vector<X509Handle> read_certificates(const std::string& pem) {
  const BioHandle reader(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  std::vector<X509Handle> certificates;
  while (X509* read = PEM_read_bio_X509(reader.get(), nullptr, nullptr, nullptr)) {
    certificates.emplace_back(read);
  }
  if (!pem_has_ended()) certificates.clear();
  return certificates;
}

std::string take_tls_error() {
  const unsigned long code = ERR_peek_last_error();
  ERR_clear_error();
  const char* reason = code == 0 ? nullptr : ERR_reason_error_string(code);
  return reason != nullptr ? reason : "it is not understood";
}

}  // namespace carillon::net
