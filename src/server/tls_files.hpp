// What `[tls]` names, read from its files.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/result.hpp"
#include "core/time.hpp"
#include "net/tls_context.hpp"
#include "server/config.hpp"

namespace carillon::server {

/// Enough to make a net::TlsContext, on as many reactors as there are.
struct TlsMaterial {
  std::shared_ptr<const net::TlsCertificates> certificates;
  net::TlsOptions options;
};

/// Reads the certificates, their keys and the authorities of clients; with `self_signed` it makes
/// a certificate, or takes the one that it made before.
/// Errors: a sentence for the user: which file, what is wrong. No content of a file is in it.
Result<TlsMaterial, std::string> load_tls(const Config& config, Timestamp now);

/// Whether any address speaks TLS.
bool uses_tls(const Config& config);
/// The files that `load_tls` reads.
std::vector<std::string> tls_files(const Config& config);

/// What is wrong with `[tls]`, its files included; empty: nothing. For `check-config`.
std::string tls_problem(const Config& config);

}  // namespace carillon::server
