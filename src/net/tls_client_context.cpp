#include "net/tls_client_context.hpp"

#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "core/check.hpp"

namespace carillon::net {
namespace {

/// RFC 7301: HTTP/1.1 is all that we speak to servers; its length stands in front.
constexpr std::array<unsigned char, 9> kProtocols{8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
/// RSA keys of 2,048 bits at least, no SHA-1.
constexpr int kSecurityLevel = 2;

}  // namespace

TlsClientContext::TlsClientContext() : native_(SSL_CTX_new(TLS_client_method())) {
  CARILLON_CHECK(native_ != nullptr);
  SSL_CTX* context = native_.get();
  SSL_CTX_set_options(context, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION);
  SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_security_level(context, kSecurityLevel);
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_alpn_protos(context, kProtocols.data(), kProtocols.size());
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
}

std::shared_ptr<const TlsClientContext> TlsClientContext::of_system() {
  static const auto made = [] {
    std::shared_ptr<TlsClientContext> context(new TlsClientContext);
    SSL_CTX_set_default_verify_paths(context->native_.get());
    return context;
  }();
  return made;
}

TlsClientContext::Made TlsClientContext::of_authorities(const std::string& pem) {
  std::shared_ptr<TlsClientContext> made(new TlsClientContext);
  X509_STORE* store = SSL_CTX_get_cert_store(made->native_.get());
  // What stands there is trusted as it is, be it signed by another that does not.
  X509_VERIFY_PARAM_set_flags(SSL_CTX_get0_param(made->native_.get()), X509_V_FLAG_PARTIAL_CHAIN);
  const std::vector<X509Handle> authorities = read_certificates(pem);
  const bool known = std::ranges::all_of(authorities, [store](const X509Handle& each) {
    return X509_STORE_add_cert(store, each.get()) == 1;
  });
  if (!authorities.empty() && known) return made;
  return std::unexpected("holds no certificate (PEM), or one that cannot be read");
}

std::shared_ptr<const TlsClientContext> TlsClientContext::of_anybody() {
  std::shared_ptr<TlsClientContext> made(new TlsClientContext);
  SSL_CTX_set_verify(made->native_.get(), SSL_VERIFY_NONE, nullptr);
  return made;
}

SslHandle TlsClientContext::open(const std::string& host) const {
  SslHandle session(SSL_new(native_.get()));
  CARILLON_CHECK(session != nullptr);
  SSL_set_connect_state(session.get());
  X509_VERIFY_PARAM* wanted = SSL_get0_param(session.get());
  if (X509_VERIFY_PARAM_set1_ip_asc(wanted, host.c_str()) == 1) return session;
  X509_VERIFY_PARAM_set_hostflags(wanted, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  const bool named = SSL_set_tlsext_host_name(session.get(), host.c_str()) == 1 &&
                     X509_VERIFY_PARAM_set1_host(wanted, host.c_str(), host.size()) == 1;
  // A host that no certificate can be for must not become one that nobody checks.
  return named ? std::move(session) : nullptr;
}

}  // namespace carillon::net
