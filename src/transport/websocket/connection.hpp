// What every WebSocket endpoint does, whatever its messages mean: octets in, pongs and close
// frames out, a silent peer and a slow one noticed. The endpoints derive from it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "core/slot_table.hpp"
#include "net/byte_stream.hpp"
#include "net/stream_handler.hpp"
#include "protocol/websocket/close.hpp"
#include "protocol/websocket/frame.hpp"
#include "protocol/websocket/keepalive.hpp"
#include "protocol/websocket/message_deflate.hpp"
#include "protocol/websocket/receiver.hpp"
#include "transport/common/probe.hpp"
#include "transport/common/worker.hpp"

namespace carillon::transport {

/// Lifetime: owned by its stream; `settings` outlives it. Answers that come later find it by its
///           handle in the worker's drainables.
class WebSocketConnection : public net::StreamHandler, protected Drainable {
 public:
  /// `deflate`: what the handshake has agreed on, if anything.
  WebSocketConnection(Worker& worker, const WebSocketSettings& settings,
                      const std::optional<websocket::DeflateAgreement>& deflate = {});
  ~WebSocketConnection() override;

  void on_bytes(std::span<char> received) final;
  void on_end_of_input() final;
  void on_drained() final;
  void on_deadline() final;
  void on_closed(net::CloseCause cause) final;

 protected:
  enum class GiveUp : std::uint8_t {
    Idle,  // the peer is silent, or its message does not end
    Slow,  // it takes less than it is sent
  };

  // What the endpoint hears.

  /// A whole message, inflated, while is_open(). The payload is lent for the call.
  virtual void on_message(const websocket::Message& message) = 0;
  /// It is no longer full.
  virtual void on_writable() = 0;
  /// Close, in the endpoint's own words: by send_close() at last.
  virtual void give_up(GiveUp why) = 0;
  /// No message passes any more, either way. It may come more than once.
  virtual void on_closing() = 0;
  /// The peer has said goodbye; before on_closing().
  virtual void on_goodbye() {}
  /// The end, once: the peer's code, ours where the peer broke the protocol, or `Abnormal`.
  virtual void on_ended(websocket::CloseCode /*code*/, Bytes /*reason*/) {}
  /// How soon silence shows. After a change: watch_peer().
  virtual websocket::KeepaliveLimits keepalive_limits() const { return settings_.keepalive; }
  /// False: messages of the peer wait, until resume_soon().
  virtual bool has_room() const { return true; }

  // What it does.

  /// The stream is ours now; before anything else.
  void begin(net::ByteStream& stream);
  bool is_open() const { return close_handshake_.open() && stream_->open(); }
  enum class Compress : bool { No, IfSmaller };

  /// Copied, so that a flood of small ones costs no more than its octets. As it is.
  void send_frame(websocket::Opcode opcode, Bytes payload);
  /// A text or binary message; compressed where that was agreed on, is allowed, and is worth it.
  void send_message(websocket::Opcode opcode, Bytes payload, Compress compress);
  /// Frames that others are sent as well, compressed ones for the window agreed on among them.
  void send_shared(const SharedBytes& frames);
  /// So many octets are sent next that the peer has asked for: they are not held against it;
  /// may_take() bounds them.
  void allow_for(std::size_t bytes);
  /// Gives up a peer that leaves more unread than the limit. After every other send.
  void limit_outbox();
  /// Whether news had better wait; on_writable() tells when they need not any more.
  bool is_full() const { return stream_->congested() || full_; }
  /// Sends our close frame once. The peer's answer is awaited if it is we who start.
  void send_close(websocket::CloseCode code, Bytes reason);
  /// Looks again, after this tick, whether reading can go on.
  void resume_soon();
  /// Sets the time at which the peer is looked after.
  void watch_peer();

  Worker& worker() const { return worker_; }
  net::ByteStream& stream() const { return *stream_; }
  Handle handle() const { return handle_; }
  /// The bits of the window that what we send is compressed for; 0: it is not.
  std::uint8_t deflate_window_bits() const {
    return deflate_ ? deflate_->parameters().server_window_bits : std::uint8_t{0};
  }

 private:
  void take(std::span<char> input);
  bool may_take() const;
  void take_unread();
  void resume();
  void on_flushed();
  std::size_t allowed_bytes() const { return settings_.outbox_bytes + asked_bytes_; }
  void on_sign_of_life();
  void on_event(const websocket::Event& event);
  void inflate_and_pass(const websocket::Message& message);
  void on_protocol_error(websocket::ProtocolError error);
  void on_close(const websocket::Close& close);
  void end(websocket::CloseCode code, Bytes reason);
  bool message_is_late() const;

  Worker& worker_;
  const WebSocketSettings& settings_;
  net::ByteStream* stream_ = nullptr;
  websocket::Receiver receiver_;
  websocket::Keepalive keepalive_;
  std::unique_ptr<websocket::MessageDeflate> deflate_;
  std::string unread_;  // received, not taken yet
  Handle handle_;
  TimePoint partial_since_;      // where a message is half-way
  std::size_t asked_bytes_ = 0;  // of the outbox, at most: what the peer asked for
  OpenCount open_count_;
  websocket::CloseHandshake close_handshake_;
  bool resuming_ = false;
  bool full_ = false;  // of what the kernel has not been offered yet
  bool ended_ = false;
};

}  // namespace carillon::transport
