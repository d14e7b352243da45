// One connected socket: an outbox, a deadline and a handler around a descriptor. Idle, it owns
// nothing but itself.
#pragma once

#include <sys/types.h>
#include <sys/uio.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "core/shared_bytes.hpp"
#include "core/slot_table.hpp"
#include "core/time.hpp"
#include "net/address.hpp"
#include "net/byte_stream.hpp"
#include "net/detached_stream.hpp"
#include "net/stream_handler.hpp"
#include "net/timer_wheel.hpp"
#include "net/unique_fd.hpp"

namespace carillon::net {

/// Octets of one TCP connection: headers of HTTP, frames and TLS records, but no packet's own.
struct WireCounts {
  std::uint64_t received = 0;
  std::uint64_t sent = 0;  // each once, however often it was repeated
};

class Outbox;
class Reactor;
struct SendQueue;
class TlsStage;

/// A byte stream over TCP or a Unix socket, owned by its reactor.
/// Thread:   the reactor's own.
/// Lifetime: a reference is good until the end of the tick in which the stream ends; keep
/// `handle()`
///           and ask `Reactor::find` beyond. After `close()` and `abort()` every call is quiet.
class Stream final : public ByteStream {
 public:
  /// Only its reactor makes one (`Reactor::adopt`).
  Stream(Reactor& reactor, UniqueFd socket, const PeerAddress& peer);
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;
  ~Stream();

  Handle handle() const { return handle_; }
  Reactor& reactor() const { return reactor_; }
  const PeerAddress& peer() const { return peer_; }
  /// Whom the socket's own peer speaks for, from now on.
  void set_peer(const PeerAddress& peer) { peer_ = peer; }
  /// Our own end, asked from the kernel at each call.
  PeerAddress local() const;
  /// What the kernel has carried so far, asked from it at each call; nothing for Unix sockets.
  std::optional<WireCounts> wire_counts() const;
  /// False after close(), abort() and on_closed().
  bool open() const override { return state_ == State::Open; }

  /// Appends to the outbox; written at the end of the tick. Nothing is written inside the call.
  void send(SharedBytes segment) override;
  /// The same with a copy; small pieces that follow each other leave as one.
  void send(Bytes piece) override;
  /// Octets that wait in the outbox.
  std::size_t outbox_bytes() const override;
  /// Whether the last flush left octets behind because the peer (or the network) is slow.
  bool congested() const override { return congested_; }

  /// No on_bytes until resume_reading(). From outside the stream's own callbacks: octets that were
  /// received in this tick already may still come once. A peer that goes meanwhile is noticed when
  /// reading is resumed, on a reset, or when something is sent.
  void pause_reading() override;
  void resume_reading() override;
  bool reading_paused() const override { return paused_; }

  /// on_deadline at this moment, once; empty cancels; a new moment replaces the old.
  void set_deadline(std::optional<TimePoint> deadline) override;

  /// Sends what the outbox holds (as long as the peer takes it: `write_time_limit`), ends our side,
  /// and waits shortly (`linger_time`) for the peer's end, so that it reads our last octets instead
  /// of a reset. No callback afterwards.
  void close() override;
  /// Ends the stream now, with a reset. No callback afterwards.
  void abort() override;

  /// From here on the peer's octets are TLS, beginning with `received`; handlers go on with what is
  /// in them. Nothing was sent before. The handler hears on_secured(), or on_closed(Reset).
  void start_tls(std::unique_ptr<TlsStage> stage, std::span<char> received);
  bool secured() const { return tls_ != nullptr; }
  /// What ALPN agreed on; empty: nothing.
  std::string_view application_protocol() const;
  /// Why TLS failed, in on_closed(); empty: it did not.
  std::string_view tls_error() const;

  /// Leaves the connection to another reactor; nothing is heard of it here any more, the handler
  /// included. Octets that it has received and not used are the caller's to hand over.
  /// Empty, and nothing has changed: something waits to be sent, or an end of it has come.
  std::optional<DetachedStream> detach();

  /// Another protocol takes over (after a 101). The old handler hears nothing more and is destroyed
  /// after the tick; octets it has received and not used are the caller's to hand over.
  void replace_handler(std::unique_ptr<StreamHandler> handler);
  /// While open().
  StreamHandler& handler() const;

 private:
  friend class Reactor;
  friend class StreamTable;
  friend class Flusher;
  friend class Receiver;
  friend struct SendQueue;

  enum class State : std::uint8_t {
    Open,
    Flushing,   // closed by the owner; the outbox is on its way
    Lingering,  // our side has ended; the peer's input is thrown away until it ends
    Gone,
  };
  enum class Parting : std::uint8_t { Orderly, WithReset };

  // What the reactor's parts tell: about the socket, the flush, and the time.
  void on_ready(std::uint32_t events);
  void on_receive_result(std::span<char> buffer, ssize_t result);
  void on_send_result(ssize_t result, std::size_t offered);
  void on_nothing_to_send();
  void on_write_limit();
  void on_time() override;

  // What they ask.
  bool watch(std::uint32_t events);
  bool wants_send() const;
  bool wants_input() const;
  std::size_t gather(std::span<iovec> pieces);
  void update_interest();

  std::uint32_t wanted_events() const;
  void unwatch();
  SendQueue& queue();
  void drop_queue();
  void mark_dirty();
  void mark_changed();
  void on_broken_without_input(std::uint32_t events);
  void on_sealed_octets(std::span<char> received);
  void answer_sealed(Bytes answer);
  void on_tls_failed();
  void on_input_ended();
  void on_congestion(bool progress);
  void on_outbox_empty();
  void on_send_failed(int error);
  void linger();
  void lose(CloseCause cause, Parting parting = Parting::Orderly);
  void finish(CloseCause cause, Parting parting);
  template <class Call>
  void call_handler(Call call);

  Reactor& reactor_;
  std::unique_ptr<StreamHandler> handler_;
  std::unique_ptr<SendQueue> queue_;  // null when nothing waits
  std::unique_ptr<TlsStage> tls_;     // null without TLS
  Handle handle_;
  UniqueFd socket_;
  PeerAddress peer_;
  State state_ = State::Open;
  std::uint8_t watched_events_ = 0;  // what epoll was asked to watch
  bool watched_ : 1 = false;         // whether epoll knows the socket at all
  bool paused_ : 1 = false;
  bool input_ended_ : 1 = false;
  bool send_failed_ : 1 = false;  // the peer takes nothing any more; its last words may wait
  bool congested_ : 1 = false;
  bool retry_ : 1 = false;    // congested, but the kernel has room again
  bool dirty_ : 1 = false;    // in the flusher's list of those with something to send
  bool changed_ : 1 = false;  // in its list of those that want other events
};

}  // namespace carillon::net
