// What the tests of TLS share: certificates that they make themselves, and OpenSSL as the client.
#pragma once

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <array>
#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/time.hpp"
#include "net/tls_certificate.hpp"
#include "net/tls_context.hpp"
#include "net/tls_handles.hpp"
#include "net/tls_ticket_keys.hpp"

namespace carillon::net::test {

inline Timestamp this_moment() {
  using std::chrono::microseconds;
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return {std::chrono::duration_cast<microseconds>(now).count()};
}

inline std::string self_signed_pem() {
  static const std::string pem = make_self_signed(this_moment()).value();
  return pem;
}

inline std::shared_ptr<const TlsCertificates> some_certificates() {
  std::vector<TlsCertificate> one;
  one.push_back(TlsCertificate::parse(self_signed_pem(), self_signed_pem(), this_moment()).value());
  return std::make_shared<const TlsCertificates>(std::move(one));
}

/// One whose key is too short for anybody to trust it: RSA of 1,024 bits.
inline std::shared_ptr<const TlsCertificates> weak_certificates() {
  const KeyHandle key(EVP_RSA_gen(1024));
  const X509Handle made(X509_new());
  X509_set_pubkey(made.get(), key.get());
  X509_gmtime_adj(X509_getm_notBefore(made.get()), 0);
  X509_gmtime_adj(X509_getm_notAfter(made.get()), 3600);
  X509_sign(made.get(), key.get(), EVP_sha256());
  const BioHandle text(BIO_new(BIO_s_mem()));
  PEM_write_bio_X509(text.get(), made.get());
  PEM_write_bio_PrivateKey(text.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  const char* data = nullptr;
  const long size = BIO_get_mem_data(text.get(), &data);
  const Bytes pem(data, static_cast<std::size_t>(size));
  std::vector<TlsCertificate> one;
  one.push_back(TlsCertificate::parse(pem, pem, this_moment()).value());
  return std::make_shared<const TlsCertificates>(std::move(one));
}

/// The server's side, with a key for tickets.
struct TlsHost {
  explicit TlsHost(const TlsOptions& options = {}) {
    ticket_keys.add(TicketKey::make());
    context = TlsContext::make(options, some_certificates(), ticket_keys).value();
  }

  TicketKeys ticket_keys;
  std::shared_ptr<const TlsContext> context;
};

/// A client that believes everything, over two memories.
class TlsPeer {
 public:
  explicit TlsPeer(int version = TLS1_3_VERSION) : context_(SSL_CTX_new(TLS_client_method())) {
    SSL_CTX_set_min_proto_version(context_.get(), version);
    SSL_CTX_set_max_proto_version(context_.get(), version);
    SSL_CTX_set_verify(context_.get(), SSL_VERIFY_NONE, nullptr);
    session_.reset(SSL_new(context_.get()));
    in_ = BIO_new(BIO_s_mem());
    out_ = BIO_new(BIO_s_mem());
    SSL_set_bio(session_.get(), in_, out_);
    SSL_set_connect_state(session_.get());
  }

  TlsPeer(const TlsPeer&) = delete;
  TlsPeer& operator=(const TlsPeer&) = delete;
  ~TlsPeer() {
    // Otherwise OpenSSL takes it for broken, and its session for one not to come back to.
    SSL_set_shutdown(session_.get(), SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
  }

  ssl_st* native() { return session_.get(); }
  bool connected() { return SSL_is_init_finished(session_.get()) == 1; }
  void offer(const std::string& protocols) {
    SSL_set_alpn_protos(session_.get(), reinterpret_cast<const unsigned char*>(protocols.data()),
                        static_cast<unsigned>(protocols.size()));
  }

  void receive(Bytes octets) {
    if (!octets.empty()) BIO_write(in_, octets.data(), static_cast<int>(octets.size()));
    ERR_clear_error();
    std::array<char, 20'000> buffer;
    while (true) {
      const int count = SSL_read(session_.get(), buffer.data(), static_cast<int>(buffer.size()));
      if (count <= 0) break;
      received_.append(buffer.data(), static_cast<std::size_t>(count));
      ++reads_;
    }
  }
  void write(Bytes plain) {
    if (!plain.empty()) SSL_write(session_.get(), plain.data(), static_cast<int>(plain.size()));
  }
  void end() { SSL_shutdown(session_.get()); }

  /// What the other side must get.
  std::string take_output() {
    std::string octets(static_cast<std::size_t>(BIO_ctrl_pending(out_)), '\0');
    if (!octets.empty()) BIO_read(out_, octets.data(), static_cast<int>(octets.size()));
    return octets;
  }
  const std::string& received() const { return received_; }
  /// How many records with something in them came.
  int reads() const { return reads_; }
  bool ended() const { return (SSL_get_shutdown(session_.get()) & SSL_RECEIVED_SHUTDOWN) != 0; }

 private:
  SslContextHandle context_;
  SslHandle session_;
  BIO* in_ = nullptr;   // the session's
  BIO* out_ = nullptr;  // the session's
  std::string received_;
  int reads_ = 0;
};

}  // namespace carillon::net::test
