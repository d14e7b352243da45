// One WebSocket of an Engine.IO session: the one in use, or one that is probed.
#pragma once

#include <string>

#include "core/shared_bytes.hpp"
#include "protocol/engineio/packet.hpp"
#include "transport/websocket/connection.hpp"

namespace carillon::transport {

class EngineSession;

/// Lifetime: owned by its stream; session and socket tell each other when one goes.
class EngineSocket final : public WebSocketConnection {
 public:
  /// Without a session it only says goodbye.
  EngineSocket(Worker& worker, const WebSocketSettings& settings, EngineSession* session);
  ~EngineSocket() override;

  /// Before anything else.
  void open(net::ByteStream& stream);
  /// The session has no use for it any more: nothing is told to it from now on.
  void leave();

  enum class Cause : std::uint8_t {
    Asked,  // the client has asked for it
    News,   // it has not: a reader that is too slow is given up
  };
  void send(const engineio::Packet& packet, Cause cause);
  /// The text form of a packet, as it is.
  void send_text(Bytes text, Cause cause = Cause::Asked);
  /// Whole frames that others are sent as well.
  void send_frames(const SharedBytes& frames);

  bool congested() const { return is_full(); }
  std::size_t outbox_bytes() const { return stream().outbox_bytes(); }
  using WebSocketConnection::resume_soon;

 private:
  void send_whole(websocket::Opcode opcode, Bytes payload, Cause cause);

  // WebSocketConnection.
  void on_message(const websocket::Message& message) override;
  void on_writable() override;
  void give_up(GiveUp why) override;
  void on_closing() override;
  void on_goodbye() override;
  bool has_room() const override;
  void drain(Duration reconnect_after) override;

  EngineSession* session_;
};

}  // namespace carillon::transport
