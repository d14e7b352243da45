// OpenSSL's objects as owned handles, and its errors in words: the one place that knows how they
// are freed.
#pragma once

#include <memory>
#include <string>
#include <vector>

// Its own names for BIO, EVP_PKEY, SSL, SSL_CTX, STACK_OF(X509) and X509, so that headers need
// none of OpenSSL's.
struct bio_st;
struct evp_pkey_st;
struct ssl_st;
struct ssl_ctx_st;
struct stack_st_X509;
struct x509_st;

namespace carillon::net {

struct TlsFree {
  void operator()(bio_st* bio) const;
  void operator()(evp_pkey_st* key) const;
  void operator()(ssl_st* session) const;
  void operator()(ssl_ctx_st* context) const;
  void operator()(stack_st_X509* chain) const;
  void operator()(x509_st* certificate) const;
};

using BioHandle = std::unique_ptr<bio_st, TlsFree>;
using KeyHandle = std::unique_ptr<evp_pkey_st, TlsFree>;
using SslHandle = std::unique_ptr<ssl_st, TlsFree>;
using SslContextHandle = std::unique_ptr<ssl_ctx_st, TlsFree>;
using ChainHandle = std::unique_ptr<stack_st_X509, TlsFree>;
using X509Handle = std::unique_ptr<x509_st, TlsFree>;

/// Whether the last read of a PEM text, which gave nothing, has found its end, and not a block that
/// is broken. Takes the error.
bool pem_has_ended();

/// The certificates of a PEM text, in its order. Empty: there is none, or one is broken.
std::vector<X509Handle> read_certificates(const std::string& pem);

/// Takes what this thread's last failed call left behind, in words.
std::string take_tls_error();

}  // namespace carillon::net
