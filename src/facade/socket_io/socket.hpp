// One client in one Socket.IO namespace, as the application has it.
#pragma once

#include <any>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "carillon/socket_io.hpp"
#include "facade/socket_io/packet.hpp"
#include "facade/socket_io/payload.hpp"
#include "protocol/socketio/packet.hpp"

namespace carillon::facade {

class SocketIo;
class SocketIoClient;
class SocketIoNamespace;
struct RestoredSession;

/// Lifetime: owned by its client, and by the end of the tick once it has left that.
class ApplicationSocket final : public socket_io::Socket {
 public:
  ApplicationSocket(SocketIo& io, SocketIoClient& client, const SocketIoNamespace& handlers,
                    std::string name_space, socket_io::Handshake handshake);
  ~ApplicationSocket() = default;

  // Socket.
  const std::string& id() const override { return id_; }
  const std::string& name_space() const override { return name_space_; }
  const socket_io::Handshake& handshake() const override { return *handshake_; }
  bool connected() const override { return state_ == State::Connected; }
  bool recovered() const override { return recovered_; }
  std::any& data() override { return data_; }
  void on(std::string_view event, socket_io::Listener listener) override;
  void once(std::string_view event, socket_io::Listener listener) override;
  void off(std::string_view event) override;
  void on_any(socket_io::AnyListener listener) override;
  void off_any() override { any_listeners_.clear(); }
  void on_disconnecting(socket_io::DisconnectListener listener) override;
  void on_disconnect(socket_io::DisconnectListener listener) override;
  bool emit(std::string_view event, const socket_io::Arguments& arguments) override;
  void emit_with_ack(std::string_view event, const socket_io::Arguments& arguments,
                     std::function<void(const socket_io::Replies&)> done) override;
  socket_io::Emitter timeout(std::chrono::milliseconds time) const override;
  socket_io::Emitter volatile_() const override;
  socket_io::Emitter broadcast() const override;
  void join(std::string_view room) override;
  void leave(std::string_view room) override;
  const std::set<std::string>& rooms() const override { return rooms_; }
  void disconnect(bool close) override;

  // What its client and its Socket.IO namespace do with it.

  SocketIoPlace place() const { return place_; }
  socket_io::RemoteSocket picture() const;
  /// Set where it has come back: the packets after that number are still to come.
  std::optional<std::uint64_t> replay_from() const { return replay_from_; }
  /// The session of its `auth` is looked for, then the middleware is asked.
  void begin();
  void on_restored(std::optional<RestoredSession> session);
  /// The middleware before `step` lets it pass, or does not.
  void go_on(std::size_t step);
  void refuse(const socket_io::ConnectError& error);
  void on_event(const socketio::Packet& packet);
  void on_ack(const socketio::Packet& packet);
  void answer(std::uint64_t ack, const SocketIoPayload& payload);
  /// A packet that is for it.
  void take(const SocketIoPacketPtr& packet);
  /// What it has missed; never too much.
  void take_missed(const std::vector<SocketIoPacketPtr>& packets);
  void disconnect_now(bool close);
  /// Its client has it, and clients still hear of it.
  bool is_in() const { return state_ == State::Connected || state_ == State::Leaving; }
  void note_join(const std::string& room) { rooms_.insert(room); }
  void note_leave(const std::string& room) { rooms_.erase(room); }
  /// Its home and its reactor have lost each other.
  void give_up();
  /// It has left its client.
  void end(std::string_view reason);

 private:
  enum class State : std::uint8_t {
    Arriving,
    Connected,
    Leaving,  // disconnected by us; what it was sent before goes first
    Ended,
  };
  struct PendingAck {
    std::uint64_t collector = 0;
    std::optional<TimePoint> until;
  };
  struct Listening {
    std::shared_ptr<const socket_io::Listener> call;
    bool once = false;
  };
  template <class Listener>
  using List = std::vector<std::shared_ptr<const Listener>>;

  socket_io::Emitter itself() const;
  void connect();
  bool expect_ack(const SocketIoPacket& packet);
  std::vector<std::shared_ptr<const socket_io::Listener>> listeners_of(const std::string& event);

  SocketIo& io_;
  SocketIoClient& client_;
  const SocketIoNamespace& handlers_;
  const std::string name_space_;
  std::string id_;
  std::string pid_;
  std::shared_ptr<const socket_io::Handshake> handshake_;
  SocketIoPlace place_;
  State state_ = State::Arriving;
  bool recovered_ = false;
  std::optional<std::uint64_t> replay_from_;
  std::any data_;
  std::set<std::string> rooms_;
  std::map<std::string, std::vector<Listening>, std::less<>> listeners_;
  List<socket_io::AnyListener> any_listeners_;
  List<socket_io::DisconnectListener> disconnecting_;
  List<socket_io::DisconnectListener> disconnect_;
  std::unordered_map<std::uint64_t, PendingAck> acks_;
};

}  // namespace carillon::facade
