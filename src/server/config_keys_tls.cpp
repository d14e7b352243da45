#include "server/config_keys_tls.hpp"

#include <utility>

#include "server/config_rules.hpp"

namespace carillon::server {
namespace {

constexpr std::int64_t kDay = 24 * 60 * 60;  // seconds

template <class Field>
void add(std::vector<ConfigKey<Config>>& keys, std::string_view name, Field TlsConfig::* field,
         ValueRule rule, std::string_view doc) {
  const auto accessor = [field](auto& config) -> auto& { return config.tls.*field; };
  keys.push_back(make_key<Config>("tls", name, accessor, std::move(rule), doc));
}

void add_certificates(std::vector<ConfigKey<Config>>& keys) {
  add(keys, "certificates", &TlsConfig::certificates, anything(),
      "PEM files, each with a certificate first and its chain behind it. Which one serves is what\n"
      "the client asks for (SNI); the first, where it asks for nothing or for none of these.");
  add(keys, "keys", &TlsConfig::keys, anything(),
      "The private keys of these, in the same order, without a passphrase. Empty: they stand in\n"
      "the files of the certificates.");
  add(keys, "self_signed", &TlsConfig::self_signed, at_start(one_of(texts_of<SelfSigned>())),
      "For development: \"on\" makes a certificate for localhost, kept in data_dir, and speaks "
      "TLS\n"
      "on every TCP address of [server] listen that has no \"http://\" in front.");
  add(keys, "min_version", &TlsConfig::min_version, one_of(texts_of<TlsMinVersion>()),
      "The oldest version that is spoken.");
  add(keys, "ciphers", &TlsConfig::ciphers, anything(),
      "The ciphers of TLS 1.2, as OpenSSL writes them. Others than ECDHE have no forward secrecy.");
  add(keys, "cipher_suites", &TlsConfig::cipher_suites, anything(),
      "Those of TLS 1.3, the one we like best first.");
  add(keys, "groups", &TlsConfig::groups, anything(), "The groups for the exchange of keys.");
}

void add_clients(std::vector<ConfigKey<Config>>& keys) {
  add(keys, "client_certificates", &TlsConfig::client_certificates,
      one_of(texts_of<ClientCertificates>()),
      "Whether clients must show a certificate of their own. \"optional\": none will do, a wrong "
      "one\n"
      "will not.");
  add(keys, "client_ca", &TlsConfig::client_ca, anything(),
      "A PEM file with the certificates of those who sign them.");
  add(keys, "handshake_s", &TlsConfig::handshake, between(1, 3600),
      "How long a client may take from the connection to the end of the handshake.");
  add(keys, "ticket_rotation_s", &TlsConfig::ticket_rotation, between(60, 7 * kDay),
      "How long one key seals the tickets with which clients come back without a full handshake,\n"
      "and how long a ticket counts. Keys live in memory only, and are forgotten after twice "
      "that.");
}

}  // namespace

template <>
std::vector<std::string> texts_of<SelfSigned>() {
  return {"off", "on"};
}

template <>
std::vector<std::string> texts_of<TlsMinVersion>() {
  return {"1.2", "1.3"};
}

template <>
std::vector<std::string> texts_of<ClientCertificates>() {
  return {"off", "optional", "required"};
}

void add_tls_keys(std::vector<ConfigKey<Config>>& keys) {
  add_certificates(keys);
  add_clients(keys);
  add(keys, "check_s", &TlsConfig::check, at_start(between(0, kDay)),
      "How often the files are looked at for a change. 0: never; SIGHUP still reads them.");
  add(keys, "hsts", &TlsConfig::hsts, checked(check_hsts),
      "Strict-Transport-Security of answers over TLS, e.g. \"max-age=31536000\": browsers then "
      "come\n"
      "by https alone. Empty: none.");
  add(keys, "redirect_listen", &TlsConfig::redirect_listen, at_start(checked(check_listen)),
      "Addresses where plain requests are only sent on to https, e.g. [\"0.0.0.0:80\"].");
  add(keys, "redirect_port", &TlsConfig::redirect_port, between(1, 65'535),
      "The port they are sent to, on the host that they asked for.");
}

}  // namespace carillon::server
