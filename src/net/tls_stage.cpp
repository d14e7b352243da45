#include "net/tls_stage.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <utility>

#include "core/check.hpp"
#include "net/limits.hpp"

namespace carillon::net {

// --- OpenSSL's side: a BIO over the octets of one call ------------------------------------------

int TlsStage::read(bio_st* bio, char* data, std::size_t size, std::size_t* read_bytes) {
  auto& stage = *static_cast<TlsStage*>(BIO_get_data(bio));
  BIO_clear_retry_flags(bio);
  if (stage.input_.empty()) {
    BIO_set_retry_read(bio);
    return 0;
  }
  *read_bytes = stage.input_.copy(data, size);
  stage.input_.remove_prefix(*read_bytes);
  return 1;
}

int TlsStage::write(bio_st* bio, const char* data, std::size_t size, std::size_t* written_bytes) {
  auto& stage = *static_cast<TlsStage*>(BIO_get_data(bio));
  BIO_clear_retry_flags(bio);
  if (stage.output_ == nullptr) return 0;
  stage.output_->append(data, size);
  *written_bytes = size;
  return 1;
}

long TlsStage::control(bio_st* /*bio*/, int command, long /*number*/, void* /*pointer*/) {
  return command == BIO_CTRL_FLUSH ? 1 : 0;
}

bio_st* TlsStage::make_bio(TlsStage& stage) {
  static const BIO_METHOD* const method = [] {
    BIO_METHOD* made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "carillon");
    BIO_meth_set_read_ex(made, &TlsStage::read);
    BIO_meth_set_write_ex(made, &TlsStage::write);
    BIO_meth_set_ctrl(made, &TlsStage::control);
    return made;
  }();
  BIO* bio = BIO_new(method);
  CARILLON_CHECK(bio != nullptr);
  BIO_set_data(bio, &stage);
  BIO_set_init(bio, 1);
  return bio;
}

/// Each new key costs far more than the octets that ask for it. The rest of the input is not looked
/// at once there are too many: the loop that reads does not come back to us before.
void TlsStage::on_message(int written, int /*version*/, int content_type, const void* octets,
                          std::size_t size, ssl_st* /*session*/, void* stage) {
  if (written != 0 || content_type != SSL3_RT_HANDSHAKE || size == 0) return;
  if (*static_cast<const unsigned char*>(octets) != SSL3_MT_KEY_UPDATE) return;
  auto& self = *static_cast<TlsStage*>(stage);
  if (self.key_updates_++ == limits::kKeyUpdates) self.input_ = {};
}

// --- Ours ---------------------------------------------------------------------------------------

TlsStage::TlsStage(std::shared_ptr<const TlsContext> context)
    : TlsStage(SslHandle(SSL_new(context->native()))) {
  SSL_set_accept_state(session_.get());
  context_ = std::move(context);
}

TlsStage::TlsStage(SslHandle session) : session_(std::move(session)) {
  CARILLON_CHECK(session_ != nullptr);
  BIO* bio = make_bio(*this);
  SSL_set_bio(session_.get(), bio, bio);
  SSL_set_msg_callback(session_.get(), &TlsStage::on_message);
  SSL_set_msg_callback_arg(session_.get(), this);
}

TlsStage::~TlsStage() = default;

std::size_t TlsStage::plain_room(std::size_t received_bytes) {
  // The rest of a record that came before may complete it.
  return received_bytes + kRecordBytes;
}

TlsStage::Received TlsStage::decrypt(Bytes received, std::span<char> plain, std::string& out) {
  Received result;
  if (failed_) return {.end = End::Failed};
  CARILLON_CHECK(plain.size() >= plain_room(received.size()));
  input_ = received;
  output_ = &out;
  ERR_clear_error();
  while (result.end == End::None) {
    std::size_t count = 0;
    const auto room = plain.subspan(result.plain_bytes);
    const int done = SSL_read_ex(session_.get(), room.data(), room.size(), &count);
    result.plain_bytes += count;
    if (done == 1) {
      key_updates_ = 0;
      continue;
    }
    const int error = SSL_get_error(session_.get(), done);
    if (error == SSL_ERROR_WANT_READ) break;
    result.end = end_of(error);
  }
  if (key_updates_ > limits::kKeyUpdates && !failed_) {
    failed_ = true;
    error_ = "too many new keys";
    result.end = End::Failed;
  }
  input_ = {};
  output_ = nullptr;
  result.handshake_completed = !failed_ && !completed_ && SSL_is_init_finished(session_.get()) == 1;
  completed_ = completed_ || result.handshake_completed;
  return result;
}

TlsStage::End TlsStage::end_of(int error) {
  if (error == SSL_ERROR_ZERO_RETURN) return End::Closed;
  fail();
  return End::Failed;
}

void TlsStage::fail() {
  failed_ = true;
  error_ = take_tls_error();
  const long verdict = SSL_get_verify_result(session_.get());
  if (verdict != X509_V_OK) error_ += std::string(": ") + X509_verify_cert_error_string(verdict);
}

bool TlsStage::encrypt(Bytes plain, std::string& out) {
  CARILLON_CHECK(!plain.empty() && plain.size() <= kRecordBytes);
  if (failed_ || !completed_) return false;
  output_ = &out;
  ERR_clear_error();
  std::size_t written = 0;
  const int done = SSL_write_ex(session_.get(), plain.data(), plain.size(), &written);
  output_ = nullptr;
  if (done == 1 && written == plain.size()) return true;
  fail();
  return false;
}

void TlsStage::end(std::string& out) {
  if (failed_ || !completed_) return;
  if ((SSL_get_shutdown(session_.get()) & SSL_SENT_SHUTDOWN) != 0) return;
  output_ = &out;
  ERR_clear_error();
  SSL_shutdown(session_.get());
  output_ = nullptr;
}

bool TlsStage::resumed() const {
  return SSL_session_reused(session_.get()) == 1;
}

std::string_view TlsStage::application_protocol() const {
  const unsigned char* text = nullptr;
  unsigned int size = 0;
  SSL_get0_alpn_selected(session_.get(), &text, &size);
  return {reinterpret_cast<const char*>(text), size};
}

}  // namespace carillon::net
