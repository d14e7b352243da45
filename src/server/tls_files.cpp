#include "server/tls_files.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <filesystem>
#include <system_error>
#include <utility>

#include "access/decision.hpp"
#include "server/config_listen.hpp"
#include "server/text_file.hpp"

namespace carillon::server {
namespace {

Result<std::string, std::string> read(const std::string& path) {
  auto text = read_text_file(path);
  if (!text) return std::unexpected("[tls] " + access::in_quotes(path) + ' ' + text.error());
  return text;
}

Result<net::TlsCertificate, std::string> load_one(const TlsConfig& config, std::size_t index,
                                                  Timestamp now) {
  const std::string& path = config.certificates[index];
  const std::string certificate = TRY(read(path));
  std::string key = certificate;
  if (!config.keys.empty()) key = TRY(read(config.keys[index]));
  auto made = net::TlsCertificate::parse(certificate, key, now);
  if (made) return made;
  std::string place = access::in_quotes(path);
  if (!config.keys.empty()) place += " with " + access::in_quotes(config.keys[index]);
  return std::unexpected("[tls] " + place + ' ' + made.error());
}

net::TlsOptions options_of(const TlsConfig& config) {
  net::TlsOptions options;
  options.min_version =
      config.min_version == TlsMinVersion::Tls12 ? net::TlsVersion::Tls12 : net::TlsVersion::Tls13;
  options.ciphers = config.ciphers;
  options.cipher_suites = config.cipher_suites;
  options.groups = config.groups;
  options.application_protocols = {"h2", "http/1.1"};
  options.ticket_lifetime = config.ticket_rotation;
  switch (config.client_certificates) {
    case ClientCertificates::Off:
      options.client_certificates = net::ClientCertificates::Off;
      break;
    case ClientCertificates::Optional:
      options.client_certificates = net::ClientCertificates::Optional;
      break;
    case ClientCertificates::Required:
      options.client_certificates = net::ClientCertificates::Required;
      break;
  }
  return options;
}

Timestamp wall_clock() {
  using std::chrono::microseconds;
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return {std::chrono::duration_cast<microseconds>(now).count()};
}

// --- One for development
// --------------------------------------------------------------------------

std::filesystem::path self_signed_path(const Config& config) {
  return std::filesystem::path(config.server.data_dir) / "self_signed.pem";
}

/// The one of before, so that a browser that trusts it goes on doing so; a new one where there is
/// none, or it has expired. Where it cannot be kept it serves all the same.
Result<net::TlsCertificate, std::string> self_signed(const Config& config, Timestamp now) {
  const std::filesystem::path path = self_signed_path(config);
  if (const auto kept = read_text_file(path.string())) {
    if (auto made = net::TlsCertificate::parse(*kept, *kept, now)) return made;
  }
  const std::string pem = TRY(net::make_self_signed(now));
  keep_private_file(path, pem);
  return net::TlsCertificate::parse(pem, pem, now);
}

bool any_tls(const std::vector<std::string>& addresses) {
  return std::ranges::any_of(addresses, [](const std::string& text) {
    return split_listen(text).security == Security::Tls;
  });
}

std::string mismatch(const Config& config) {
  const TlsConfig& tls = config.tls;
  if (!tls.keys.empty() && tls.keys.size() != tls.certificates.size()) {
    return "[tls] keys must be as many as certificates, in the same order, or none where the files "
           "of the certificates hold them";
  }
  if (tls.self_signed == SelfSigned::On && !tls.certificates.empty()) {
    return "[tls] self_signed is for development, and certificates are given; leave one out";
  }
  if (tls.client_certificates != ClientCertificates::Off && tls.client_ca.empty()) {
    return "[tls] client_certificates needs client_ca: a file with the certificates of those who "
           "sign them";
  }
  const bool has_some = tls.self_signed == SelfSigned::On || !tls.certificates.empty();
  if (uses_tls(config) && !has_some) {
    const bool is_https = any_tls(config.server.listen) || any_tls(config.admin.listen);
    return std::string(is_https ? "an address begins with \"https://\""
                                : "[turn] tls_listen has an address") +
           ", but [tls] certificates is empty; name the files, "
           "or for development say self_signed = \"on\" (carillon serve --tls-self-signed)";
  }
  if (!tls.redirect_listen.empty() && !uses_tls(config)) {
    return "[tls] redirect_listen sends requests to https, but no address begins with \"https://\"";
  }
  if (any_tls(tls.redirect_listen)) return "[tls] redirect_listen is for plain addresses";
  return {};
}

}  // namespace

bool uses_tls(const Config& config) {
  return any_tls(config.server.listen) || any_tls(config.admin.listen) ||
         !config.turn.tls_listen.empty();
}

std::vector<std::string> tls_files(const Config& config) {
  std::vector<std::string> files = config.tls.certificates;
  files.insert(files.end(), config.tls.keys.begin(), config.tls.keys.end());
  if (!config.tls.client_ca.empty()) files.push_back(config.tls.client_ca);
  return files;
}

Result<TlsMaterial, std::string> load_tls(const Config& config, Timestamp now) {
  TlsMaterial material{.certificates = nullptr, .options = options_of(config.tls)};
  std::vector<net::TlsCertificate> certificates;
  if (config.tls.self_signed == SelfSigned::On) {
    certificates.push_back(TRY(self_signed(config, now)));
  }
  for (std::size_t i = 0; i < config.tls.certificates.size(); ++i) {
    certificates.push_back(TRY(load_one(config.tls, i, now)));
  }
  if (certificates.empty()) {
    return std::unexpected("[tls] certificates is empty, and self_signed is \"off\"");
  }
  material.certificates = std::make_shared<const net::TlsCertificates>(std::move(certificates));
  if (!config.tls.client_ca.empty()) {
    material.options.client_authorities_pem = TRY(read(config.tls.client_ca));
  }
  return material;
}

std::string tls_problem(const Config& config) {
  if (std::string problem = mismatch(config); !problem.empty()) return problem;
  if (!uses_tls(config)) return {};
  TlsMaterial material{.certificates = nullptr, .options = options_of(config.tls)};
  // One for development is made where it is used, not where settings are checked.
  if (config.tls.self_signed == SelfSigned::Off) {
    auto loaded = load_tls(config, wall_clock());
    if (!loaded) return loaded.error();
    material = *std::move(loaded);
  }
  net::TicketKeys none;
  const auto context = net::TlsContext::make(material.options, material.certificates, none);
  return context ? std::string{} : "[tls] " + context.error();
}

}  // namespace carillon::server
