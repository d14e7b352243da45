// The octets of an extended CONNECT (RFC 8441): one stream of an HTTP/2 connection, as whoever took
// it over sees it.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "net/byte_stream.hpp"
#include "net/stream_handler.hpp"
#include "protocol/http2/session.hpp"

namespace carillon::transport {

class Http2Connection;

/// Lifetime: as long as its HTTP/2 stream. The handler is destroyed before it, and never from
/// within
///           one of its own callbacks.
class Http2Tunnel final : public net::ByteStream {
 public:
  Http2Tunnel(Http2Connection& connection, http2::StreamId id,
              std::unique_ptr<net::StreamHandler> handler);
  ~Http2Tunnel();
  Http2Tunnel(const Http2Tunnel&) = delete;
  Http2Tunnel& operator=(const Http2Tunnel&) = delete;

  // ByteStream.
  bool open() const override { return state_ == State::Open; }
  void send(SharedBytes segment) override;
  void send(Bytes piece) override;
  std::size_t outbox_bytes() const override;
  bool congested() const override;
  void pause_reading() override { paused_ = true; }
  void resume_reading() override;
  bool reading_paused() const override { return paused_; }
  void set_deadline(std::optional<TimePoint> deadline) override;
  void close() override;
  void abort() override;

  // What the connection tells.

  void on_bytes(std::span<char> received);
  void on_end_of_input();
  void on_drained();
  /// Nothing more comes or goes.
  void on_closed(net::CloseCause cause);
  /// Octets that came before it was here, or while reading was paused, are the handler's now.
  void keep_unread(Bytes octets) { unread_.append(octets); }
  void catch_up();

 private:
  enum class State : unsigned char {
    Open,
    Lingering,  // our side has ended; the peer's input is thrown away until it ends
    Gone,
  };

  void on_time() override;
  void retire(State into);

  Http2Connection& connection_;
  http2::StreamId id_;
  std::unique_ptr<net::StreamHandler> handler_;
  std::unique_ptr<net::StreamHandler> retired_;  // until catch_up()
  std::string unread_;                           // bounded by the stream's window
  State state_ = State::Open;
  bool paused_ = false;
  bool input_ended_ = false;
  bool end_told_ = false;
};

}  // namespace carillon::transport
