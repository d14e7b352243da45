// A certificate with its chain and its private key, read from PEM and held against each other; and
// the choice among several by the name that a client asks for.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/bytes.hpp"
#include "core/result.hpp"
#include "core/time.hpp"
#include "net/tls_handles.hpp"

namespace carillon::net {

/// Immutable.
class TlsCertificate {
 public:
  /// Shape:  `certificate_pem` holds the server's certificate first and its chain behind it;
  ///         `key_pem` the private key, without a passphrase. They may be one text.
  /// Errors: what is wrong, in words that follow a file's name: no certificate, no key, a key of
  ///         another certificate, expired at `now`.
  static Result<TlsCertificate, std::string> parse(Bytes certificate_pem, Bytes key_pem,
                                                   Timestamp now);

  /// DNS names and IP addresses that it is for, in lower case; a wildcard as `*.example.com`.
  const std::vector<std::string>& names() const { return names_; }
  Timestamp expires() const { return expires_; }

  x509_st* leaf() const { return leaf_.get(); }
  evp_pkey_st* key() const { return key_.get(); }
  stack_st_X509* chain() const { return chain_.get(); }

 private:
  TlsCertificate() = default;

  X509Handle leaf_;
  ChainHandle chain_;
  KeyHandle key_;
  std::vector<std::string> names_;
  Timestamp expires_;
};

/// Immutable.
class TlsCertificates {
 public:
  /// There is at least one. The first is for clients that name no host, or one that no other is
  /// for; of two for the same name the earlier one serves.
  explicit TlsCertificates(std::vector<TlsCertificate> certificates);

  const std::vector<TlsCertificate>& all() const { return all_; }
  /// `host` as it stands in the ClientHello; may be empty. Source: RFC 6066 §3, RFC 6125 §6.4.3.
  const TlsCertificate& for_host(std::string_view host) const;

 private:
  std::vector<TlsCertificate> all_;
  std::unordered_map<std::string, std::size_t> by_name_;
};

/// A certificate for development, and its key, as one PEM text: P-256, signed by itself, for
/// `localhost` and the loopback addresses, valid from `now` on for a year.
Result<std::string, std::string> make_self_signed(Timestamp now);

}  // namespace carillon::net
