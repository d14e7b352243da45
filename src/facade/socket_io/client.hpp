// One connection of a Socket.IO client: packets of all its Socket.IO namespaces.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "carillon/socket_io.hpp"
#include "facade/socket_io/handshake.hpp"
#include "facade/socket_io/packet.hpp"
#include "facade/socket_io/socket.hpp"
#include "net/reactor.hpp"
#include "protocol/socketio/decoder.hpp"
#include "transport/socketio/engine_session.hpp"

namespace carillon::facade {

class Local;
class SocketIo;

/// Lifetime: owned by its session.
class SocketIoClient final : public transport::EngineApplication {
 public:
  SocketIoClient(SocketIo& io, Local& local, transport::EngineSession& session,
                 SocketIoHandshake handshake);
  ~SocketIoClient() override;

  SocketIo& io() const { return io_; }
  Local& local() const { return local_; }
  const SocketIoHandshake& handshake() const { return handshake_; }
  std::string_view transport() const;
  /// One of its sockets is in its Socket.IO namespace.
  void on_joined();
  bool is_open() const { return session_.is_open(); }
  /// Of Socket.IO's library, before its version 3.
  bool is_version_2() const { return session_.dialect().version == engineio::Version::V3; }
  /// What the client knows a socket by, where it makes that up itself.
  std::string version_2_id(std::string_view name_space) const;
  /// A text packet of its own.
  void send(Bytes text);
  void send(Bytes text, const std::vector<SharedBytes>& attachments);
  /// False: it was dropped, or ended the client.
  bool send(const SocketIoPacket& packet);
  /// Frames of plain packets.
  void send_frames(const SharedBytes& frames);
  /// What it asks for by coming back, however much that is.
  void send_missed(const SocketIoPacket& packet);
  /// Takes a socket out, which ends after this call.
  std::unique_ptr<ApplicationSocket> release(const ApplicationSocket& socket);
  /// Every socket leaves with that reason, and the connection ends.
  void close(std::string_view reason, engineio::CloseReason engine_reason);
  void disconnect_all();

 private:
  // EngineApplication.
  void on_open() override;
  void on_message(engineio::DataKind kind, Bytes data) override;
  void on_writable() override {}
  void on_slow() override { end_as_slow(); }
  void on_drain(Duration reconnect_after) override;
  void on_closed(engineio::CloseReason reason) override;

  Result<std::optional<socketio::Packet>, socketio::Error> decode(engineio::DataKind kind,
                                                                  Bytes data);
  void on_packet(const socketio::Packet& packet);
  void on_connect(const socketio::Packet& packet);
  /// `auth`: what the client said with it, empty: nothing.
  void enter(const std::string& name_space, Bytes auth);
  void refuse(Bytes name_space, Bytes message);
  void end_sockets(std::string_view reason);
  ApplicationSocket* find(std::string_view name_space) const;
  bool has_room_for(std::size_t bytes);
  void end_as_slow();
  void write(const SocketIoPacket& packet);
  void write(Bytes text, const std::vector<SharedBytes>& attachments);

  SocketIo& io_;
  Local& local_;
  transport::EngineSession& session_;
  const SocketIoHandshake handshake_;
  std::unique_ptr<socketio::Decoder> decoder_;  // while attachments are missing
  std::vector<std::unique_ptr<ApplicationSocket>> sockets_;
  net::TimerId connect_timer_;    // until it has joined
  std::size_t missed_bytes_ = 0;  // of its outbox, at most: what it came back for
  bool is_slow_ = false;          // and ends after this call
};

}  // namespace carillon::facade
