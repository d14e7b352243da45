// What the TLS connections that we open have in common: whom we trust, versions, ciphers.
#pragma once

#include <memory>
#include <string>

#include "core/result.hpp"
#include "net/tls_handles.hpp"

namespace carillon::net {

/// Immutable; good for every thread.
class TlsClientContext {
 public:
  using Made = Result<std::shared_ptr<const TlsClientContext>, std::string>;

  /// Trusts whom this machine trusts: OpenSSL's usual places, or those that the variables
  /// SSL_CERT_FILE and SSL_CERT_DIR name. Read once, at the first call.
  static std::shared_ptr<const TlsClientContext> of_system();
  /// Trusts the authorities (or the very certificates) in `pem` alone.
  /// Errors: in words that follow a file's name: it holds none, or one that cannot be read.
  static Made of_authorities(const std::string& pem);
  /// Trusts everybody: for development.
  static std::shared_ptr<const TlsClientContext> of_anybody();

  /// One connection to `host`, a name or an IP address without brackets, which the server's
  /// certificate must be for (RFC 9525); a name is told in the ClientHello (RFC 6066 §3).
  /// Null: `host` is neither.
  SslHandle open(const std::string& host) const;

 private:
  TlsClientContext();

  SslContextHandle native_;
};

}  // namespace carillon::net
