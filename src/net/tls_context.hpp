// What the TLS streams of one reactor have in common: certificates, versions, ciphers, tickets.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/result.hpp"
#include "core/time.hpp"
#include "net/tls_certificate.hpp"
#include "net/tls_handles.hpp"
#include "net/tls_ticket_keys.hpp"

namespace carillon::net {

enum class TlsVersion : std::uint8_t { Tls12, Tls13 };

/// Whether a client must show a certificate of its own. Optional: a wrong one is refused, none is
/// not.
enum class ClientCertificates : std::uint8_t { Off, Optional, Required };

struct TlsOptions {
  TlsVersion min_version = TlsVersion::Tls12;
  /// OpenSSL's lists: of TLS 1.2's ciphers, of TLS 1.3's, and of the groups for keys.
  std::string ciphers = "ECDHE+AESGCM:ECDHE+CHACHA20";
  std::string cipher_suites =
      "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256";
  std::string groups = "X25519:P-256:P-384";
  ClientCertificates client_certificates = ClientCertificates::Off;
  std::string client_authorities_pem;
  /// For ALPN (RFC 7301), the one we like best first.
  std::vector<std::string> application_protocols = {"http/1.1"};
  /// How long a client may come back with its ticket.
  std::chrono::seconds ticket_lifetime{std::chrono::hours(24)};
};

/// No compression, no renegotiation, no session kept on this side, no early data.
/// Thread:   its reactor's own, once it is made.
/// Lifetime: streams keep it; `ticket_keys` outlives it.
class TlsContext {
 public:
  /// Errors: which option is wrong, and how.
  static Result<std::shared_ptr<const TlsContext>, std::string> make(
      const TlsOptions& options, std::shared_ptr<const TlsCertificates> certificates,
      TicketKeys& ticket_keys);

  ssl_ctx_st* native() const { return native_.get(); }
  const TlsCertificates& certificates() const { return *certificates_; }
  TicketKeys& ticket_keys() const { return ticket_keys_; }
  /// In the form of ALPN: each with its length in front.
  const std::string& protocol_list() const { return protocol_list_; }

 private:
  TlsContext(std::shared_ptr<const TlsCertificates> certificates, TicketKeys& ticket_keys);

  Result<void, std::string> apply(const TlsOptions& options);
  Result<void, std::string> try_certificates();
  Result<void, std::string> apply_client_certificates(const TlsOptions& options);

  SslContextHandle native_;
  std::shared_ptr<const TlsCertificates> certificates_;
  TicketKeys& ticket_keys_;
  std::string protocol_list_;
};

}  // namespace carillon::net
