#include "net/tls_certificate.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <optional>
#include <utility>

#include "core/check.hpp"

namespace carillon::net {
namespace {

constexpr std::int64_t kMicroseconds = 1'000'000;

BioHandle reader_of(Bytes text) {
  return BioHandle(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

/// Without one OpenSSL would ask at the terminal.
int no_passphrase(char*, int, int, void*) {
  return -1;
}

std::string in_lower_case(std::string_view text) {
  std::string out(text);
  for (char& octet : out) {
    if (octet >= 'A' && octet <= 'Z') octet = static_cast<char>(octet - 'A' + 'a');
  }
  return out;
}

std::string ip_text(Bytes octets) {
  std::array<unsigned char, 16> address{};
  if (octets.size() != 4 && octets.size() != address.size()) return {};
  std::copy(octets.begin(), octets.end(), address.begin());
  if (octets.size() == 4) {
    std::string text;
    for (std::size_t i = 0; i < 4; ++i) text += (i == 0 ? "" : ".") + std::to_string(address[i]);
    return text;
  }
  std::string text;
  constexpr std::string_view kHex = "0123456789abcdef";
  for (std::size_t i = 0; i < address.size(); ++i) {
    if (i > 0 && i % 2 == 0) text += ':';
    text += kHex[address[i] >> 4];
    text += kHex[address[i] & 0xf];
  }
  return text;
}

/// The subject's common name counts no more (RFC 9525 §2).
std::vector<std::string> names_of(const X509* certificate) {
  std::vector<std::string> names;
  auto* alternatives = static_cast<GENERAL_NAMES*>(
      X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr));
  for (int i = 0; i < sk_GENERAL_NAME_num(alternatives); ++i) {
    int kind = 0;
    const void* value = GENERAL_NAME_get0_value(sk_GENERAL_NAME_value(alternatives, i), &kind);
    if (kind != GEN_DNS && kind != GEN_IPADD) continue;
    const auto* text = static_cast<const ASN1_STRING*>(value);
    const Bytes octets(reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)),
                       static_cast<std::size_t>(ASN1_STRING_length(text)));
    names.push_back(kind == GEN_DNS ? in_lower_case(octets) : ip_text(octets));
  }
  GENERAL_NAMES_free(alternatives);
  return names;
}

std::optional<std::tm> moment_of(const ASN1_TIME* time) {
  std::tm moment{};
  if (ASN1_TIME_to_tm(time, &moment) != 1) return std::nullopt;
  return moment;
}

std::string day_of(const std::tm& moment) {
  std::array<char, 32> text{};
  const std::size_t size = std::strftime(text.data(), text.size(), "%Y-%m-%d", &moment);
  return {text.data(), size};
}

Result<Timestamp, std::string> expiry_of(const X509* certificate, Timestamp now) {
  auto moment = moment_of(X509_get0_notAfter(certificate));
  if (!moment) return std::unexpected("has a date that cannot be read");
  const Timestamp expires{static_cast<std::int64_t>(::timegm(&*moment)) * kMicroseconds};
  if (expires < now) {
    return std::unexpected("holds a certificate that expired on " + day_of(*moment) + "; renew it");
  }
  return expires;
}

Result<KeyHandle, std::string> read_key(Bytes pem) {
  const BioHandle reader = reader_of(pem);
  KeyHandle key(PEM_read_bio_PrivateKey(reader.get(), nullptr, no_passphrase, nullptr));
  if (key) return key;
  const bool is_encrypted = pem.find("ENCRYPTED") != Bytes::npos;
  ERR_clear_error();
  return std::unexpected(is_encrypted ? "holds a key under a passphrase; store it without one"
                                      : "holds no private key (PEM)");
}

}  // namespace

Result<TlsCertificate, std::string> TlsCertificate::parse(Bytes certificate_pem, Bytes key_pem,
                                                          Timestamp now) {
  TlsCertificate made;
  const BioHandle reader = reader_of(certificate_pem);
  made.leaf_.reset(PEM_read_bio_X509(reader.get(), nullptr, no_passphrase, nullptr));
  if (!made.leaf_) {
    ERR_clear_error();
    return std::unexpected("holds no certificate (PEM)");
  }
  made.chain_.reset(sk_X509_new_null());
  while (X509* issuer = PEM_read_bio_X509(reader.get(), nullptr, no_passphrase, nullptr)) {
    CARILLON_CHECK(sk_X509_push(made.chain_.get(), issuer) > 0);
  }
  if (!pem_has_ended()) {
    return std::unexpected("holds something behind its first certificate that cannot be read");
  }
  made.expires_ = TRY(expiry_of(made.leaf_.get(), now));
  made.key_ = TRY(read_key(key_pem));
  if (X509_check_private_key(made.leaf_.get(), made.key_.get()) != 1) {
    ERR_clear_error();
    return std::unexpected("is not for this private key: they belong to different certificates");
  }
  made.names_ = names_of(made.leaf_.get());
  return made;
}

TlsCertificates::TlsCertificates(std::vector<TlsCertificate> certificates)
    : all_(std::move(certificates)) {
  CARILLON_CHECK(!all_.empty());
  for (std::size_t i = 0; i < all_.size(); ++i) {
    for (const std::string& name : all_[i].names()) by_name_.try_emplace(name, i);
  }
}

const TlsCertificate& TlsCertificates::for_host(std::string_view host) const {
  if (all_.size() == 1 || host.empty()) return all_.front();
  const std::string name = in_lower_case(host);
  if (const auto found = by_name_.find(name); found != by_name_.end()) return all_[found->second];
  const std::size_t dot = name.find('.');
  if (dot == std::string::npos) return all_.front();
  const auto found = by_name_.find("*" + name.substr(dot));
  return found != by_name_.end() ? all_[found->second] : all_.front();
}

// --- One for development ------------------------------------------------------------------------

namespace {

constexpr std::int64_t kValidDays = 365;

bool add_extension(X509* certificate, int kind, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_nconf_nid(nullptr, &context, kind, value.c_str());
  if (extension == nullptr) return false;
  const int added = X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
  return added == 1;
}

bool name_it(X509* certificate) {
  X509_NAME* name = X509_get_subject_name(certificate);
  constexpr std::string_view kName = "Carillon, for development";
  const auto* text = reinterpret_cast<const unsigned char*>(kName.data());
  return X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, text, kName.size(), -1, 0) == 1 &&
         X509_set_issuer_name(certificate, name) == 1;
}

bool set_dates(X509* certificate, Timestamp now) {
  constexpr std::int64_t kDay = 24 * 60 * 60;
  const std::int64_t start = now.microseconds / kMicroseconds;
  // A clock that is a little behind must not find it too new.
  return ASN1_TIME_set(X509_getm_notBefore(certificate), start - kDay) != nullptr &&
         ASN1_TIME_set(X509_getm_notAfter(certificate), start + kValidDays * kDay) != nullptr;
}

bool number_it(X509* certificate) {
  BIGNUM* number = BN_new();
  constexpr int kBits = 127;
  const bool done = number != nullptr &&
                    BN_rand(number, kBits, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) == 1 &&
                    BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate)) != nullptr;
  BN_free(number);
  return done;
}

std::string text_of(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  return {data, static_cast<std::size_t>(size)};
}

}  // namespace

Result<std::string, std::string> make_self_signed(Timestamp now) {
  const KeyHandle key(EVP_EC_gen("P-256"));
  const X509Handle certificate(X509_new());
  X509* made = certificate.get();
  const bool done =
      key && made != nullptr && X509_set_version(made, X509_VERSION_3) == 1 && number_it(made) &&
      name_it(made) && set_dates(made, now) && X509_set_pubkey(made, key.get()) == 1 &&
      add_extension(made, NID_subject_alt_name, "DNS:localhost,IP:127.0.0.1,IP:::1") &&
      add_extension(made, NID_basic_constraints, "critical,CA:FALSE") &&
      add_extension(made, NID_ext_key_usage, "serverAuth") &&
      X509_sign(made, key.get(), EVP_sha256()) > 0;
  const BioHandle out(BIO_new(BIO_s_mem()));
  const bool written = done && out && PEM_write_bio_X509(out.get(), made) == 1 &&
                       PEM_write_bio_PKCS8PrivateKey(out.get(), key.get(), nullptr, nullptr, 0,
                                                     nullptr, nullptr) == 1;
  if (!written) return std::unexpected("a certificate cannot be made: " + take_tls_error());
  return text_of(out.get());
}

}  // namespace carillon::net
