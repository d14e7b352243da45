// TLS between a stream's outbox and its socket: octets in, octets out, no socket of its own.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "core/bytes.hpp"
#include "net/tls_context.hpp"
#include "net/tls_handles.hpp"

namespace carillon::net {

/// One side of one TLS connection. Between two calls it holds no received octets but
/// those of a record that is not complete, and none to send.
/// Thread: its reactor's.
class TlsStage {
 public:
  /// The server's side.
  explicit TlsStage(std::shared_ptr<const TlsContext> context);
  /// The client's, as `TlsClientContext::open` makes it; the first call of `decrypt`, with nothing,
  /// begins the handshake.
  explicit TlsStage(SslHandle session);
  TlsStage(const TlsStage&) = delete;
  TlsStage& operator=(const TlsStage&) = delete;
  ~TlsStage();

  enum class End : std::uint8_t {
    None,
    Closed,  // the peer's close_notify: nothing more will come
    Failed,  // no TLS, a broken record, no common ground: `error` tells; an alert is in the output
  };
  struct Received {
    std::size_t plain_bytes = 0;
    bool handshake_completed = false;  // in this call
    End end = End::None;
  };

  /// Takes all of `received`. What it decrypts to goes to the front of `plain`, which holds at
  /// least `plain_room(received.size())` octets; what the peer must get is appended to `out`.
  Received decrypt(Bytes received, std::span<char> plain, std::string& out);
  static std::size_t plain_room(std::size_t received_bytes);

  /// Appends one record with all of `plain` (1 to `kRecordBytes` octets) to `out`.
  /// Errors: false before the handshake is complete and after a failure.
  bool encrypt(Bytes plain, std::string& out);
  static constexpr std::size_t kRecordBytes = 16 * 1024;  // RFC 8446 §5.1

  /// Appends our close_notify, once; nothing before the handshake and after a failure.
  void end(std::string& out);

  bool handshake_done() const { return completed_; }
  bool failed() const { return failed_; }
  /// Whether the client came back with a ticket of ours.
  bool resumed() const;
  /// What ALPN agreed on; empty: nothing.
  std::string_view application_protocol() const;
  /// Why it failed, in OpenSSL's words.
  const std::string& error() const { return error_; }

 private:
  static int read(bio_st* bio, char* data, std::size_t size, std::size_t* read_bytes);
  static int write(bio_st* bio, const char* data, std::size_t size, std::size_t* written_bytes);
  static long control(bio_st* bio, int command, long number, void* pointer);
  static bio_st* make_bio(TlsStage& stage);

  static void on_message(int written, int version, int content_type, const void* octets,
                         std::size_t size, ssl_st* session, void* stage);

  End end_of(int error);
  void fail();

  std::shared_ptr<const TlsContext> context_;  // null on the client's side
  SslHandle session_;
  // Good within a call only: where OpenSSL reads and writes.
  Bytes input_;
  std::string* output_ = nullptr;
  std::string error_;
  bool completed_ = false;
  bool failed_ = false;
  std::uint8_t key_updates_ = 0;  // in a row, without an octet for us
};

}  // namespace carillon::net
