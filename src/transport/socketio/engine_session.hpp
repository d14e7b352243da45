// One Engine.IO session at work: what comes over either transport, what goes out over the one in
// use, and its time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "core/shared_bytes.hpp"
#include "core/slot_table.hpp"
#include "net/timer_wheel.hpp"
#include "protocol/engineio/payload.hpp"
#include "protocol/engineio/session.hpp"
#include "transport/common/probe.hpp"
#include "transport/common/worker.hpp"
#include "transport/socketio/engine_answer.hpp"
#include "transport/socketio/engine_application.hpp"
#include "transport/socketio/engine_socket.hpp"
#include "transport/socketio/session_id.hpp"

namespace carillon::transport {

class EngineSessions;

/// Lifetime: owned by the sessions of its reactor; it goes after the tick in which it has ended.
/// Thread:   its reactor's.
class EngineSession final : private net::TimerNode, private Drainable {
 public:
  using Cause = EngineSocket::Cause;

  EngineSession(EngineSessions& sessions, engineio::Transport transport,
                const engineio::Dialect& dialect);
  ~EngineSession() override;

  // What its application asks and does.

  EngineSessions& sessions() const { return sessions_; }
  Worker& worker() const;
  Handle handle() const { return handle_; }
  std::string id() const;
  engineio::Transport transport() const { return state_.transport(); }
  const engineio::Dialect& dialect() const { return dialect_; }
  bool is_open() const { return application_ != nullptr && !ended_; }
  /// Null before it has begun.
  EngineApplication* application() { return application_.get(); }

  /// A message. What of one tick goes to a poll leaves in one answer.
  void send(engineio::DataKind kind, Bytes data, Cause cause = Cause::News);
  /// Text messages as whole frames of a server, uncompressed, that others are sent as well.
  void send_frames(const SharedBytes& frames);
  /// Octets that wait for the client.
  std::size_t buffered_bytes() const;
  /// Whether it would rather be sent nothing until on_writable().
  bool congested() const;
  /// The application has room for messages again.
  void resume();
  /// How soon its silence must show has changed.
  void watch_client() { arm(); }
  /// How long that silence is.
  Duration silence() const;
  /// Ends it, after what waits. The application hears on_closed() within the call.
  void close(engineio::CloseReason reason = engineio::CloseReason::ForcedClose);

  // What its sessions do with it.

  /// Its place there; before anything else.
  void settle(Handle handle) { handle_ = handle; }
  /// Says the first packet, and begins. An empty `socket`: over the poll at `place`.
  void open(std::unique_ptr<EngineApplication> application);
  std::string open_packet() const;
  void use(EngineSocket& socket) { socket_ = &socket; }
  bool has_secret(const EngineSessionId::Secret& secret) const { return secret_ == secret; }
  void on_poll(const ExchangePlace& place);
  void on_post(const ExchangePlace& place, Bytes payload, engineio::DataKind kind);
  /// The client has gone from a poll, or its answer went nowhere.
  void on_poll_lost(const ExchangePlace& place);
  /// Whether a WebSocket may open beside polling.
  [[nodiscard]] bool begin_probe(EngineSocket& socket);
  /// The packets of this tick go to the poll that waits.
  void flush_poll();
  /// What a slow client did not take before it was paused, once it may.
  void take_post();

  // What its sockets tell.

  void on_packet(EngineSocket& socket, const std::optional<engineio::Packet>& packet);
  void on_goodbye(const EngineSocket& socket);
  void on_socket_closed(EngineSocket& socket);
  void on_writable();
  void on_slow();
  bool has_room() const;
  bool has_room_for(const EngineSocket& socket) const;

 private:
  /// What only polling needs; gone once the session uses a WebSocket.
  struct Polling {
    std::string payload;  // of the packets that wait, in that of version 4
    ExchangePlace poll;   // where they will go, or went last
    ExchangePlace post;   // of `unread`
    std::string unread;   // of a payload of the client's, until there is room
    engineio::PayloadForm unread_form;
    std::size_t asked_bytes;  // of `payload`, at most: what the client asked for
    bool poll_waits;
    bool post_waits;
    bool flushing;   // flush_poll() will be called
    bool congested;  // the application has been told so
  };
  /// How a poll that waits is answered at the end.
  enum class LastWord : std::uint8_t { Close, Noop };

  // Drainable.
  void drain(Duration reconnect_after) override;
  Endpoint* endpoint() override;
  // TimerNode.
  void on_time() override;

  TimePoint now() const;
  engineio::SessionTimes times() const;
  void keep_time();
  void arm();
  void send_packet(const engineio::Packet& packet, Cause cause);
  void append(const engineio::Packet& packet, Cause cause);
  void flush_soon();
  void answer_poll(std::string payload);
  void refuse_post(const ExchangePlace& place);
  void answer_post(EngineAnswer answer);
  void release_poll_if_due();
  void take(const std::optional<engineio::Packet>& packet);
  void on_probe_packet(const std::optional<engineio::Packet>& packet);
  void drop_probe();
  void upgrade();
  void say_last();
  void fail(engineio::CloseReason reason);
  void end(engineio::CloseReason reason, LastWord word);
  void tell_closed(engineio::CloseReason reason);
  void leave_sockets();

  EngineSessions& sessions_;
  engineio::Session state_;
  std::unique_ptr<EngineApplication> application_;
  std::unique_ptr<Polling> polling_;  // null over a WebSocket
  EngineSocket* socket_ = nullptr;    // in use
  EngineSocket* probe_ = nullptr;
  Handle handle_;
  Handle drainable_;
  EngineSessionId::Secret secret_;
  engineio::Dialect dialect_;
  bool ended_ = false;      // for its application
  bool lingering_ = false;  // ended, but the client has not been told yet
  OpenCount open_count_;
};

}  // namespace carillon::transport
