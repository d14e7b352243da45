// One client in one Socket.IO namespace, as the application has it.
#pragma once

#include <any>
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "carillon/socket_io.hpp"
#include "facade/socket_io/listeners.hpp"
#include "facade/socket_io/packet.hpp"
#include "facade/socket_io/payload.hpp"
#include "facade/socket_io/socket_id.hpp"
#include "protocol/socketio/packet.hpp"

namespace carillon::facade {

class SocketIo;
class SocketIoClient;
class SocketIoNamespace;
struct RestoredSession;

/// An event of the client's on its way through the middleware.
struct IncomingEvent {
  std::string name;
  socket_io::Arguments arguments;
  socket_io::Ack ack;
};

/// Lifetime: owned by its client, and by the end of the tick once it has left that.
class ApplicationSocket final : public socket_io::Socket {
 public:
  /// `auth`: what the client said with its CONNECT, empty: nothing.
  ApplicationSocket(SocketIo& io, SocketIoClient& client, const SocketIoNamespace& handlers,
                    std::string_view name_space, std::string_view auth);
  ~ApplicationSocket() = default;

  // Socket.
  std::string_view id() const override;
  std::string_view name_space() const override;
  const socket_io::Handshake& handshake() const override { return *shared_handshake(); }
  std::string_view transport() const override;
  bool connected() const override { return state_ == State::Connected; }
  bool recovered() const override { return recovered_; }
  std::any& data() override { return data_; }
  void on(std::string_view event, socket_io::Listener listener) override;
  void once(std::string_view event, socket_io::Listener listener) override;
  void off(std::string_view event) override { listeners_.remove(event); }
  void off() override { listeners_.remove_all(); }
  std::vector<std::string> event_names() const override { return listeners_.events(); }
  void on_any(socket_io::AnyListener listener) override;
  void prepend_any(socket_io::AnyListener listener) override;
  void off_any() override;
  void on_any_outgoing(socket_io::AnyListener listener) override;
  void prepend_any_outgoing(socket_io::AnyListener listener) override;
  void off_any_outgoing() override;
  void use(socket_io::EventMiddleware middleware) override;
  void on_error(socket_io::ErrorListener listener) override;
  void on_disconnecting(socket_io::DisconnectListener listener) override;
  void on_disconnect(socket_io::DisconnectListener listener) override;
  bool emit(std::string_view event, const socket_io::Arguments& arguments) override;
  void emit_with_ack(std::string_view event, const socket_io::Arguments& arguments,
                     std::function<void(const socket_io::Replies&)> done) override;
  socket_io::Emitter itself() const override;
  socket_io::Emitter broadcast() const override;
  void join(std::string_view room) override;
  void leave(std::string_view room) override;
  std::set<std::string> rooms() const override;
  void disconnect(bool close) override;

  // What its client and its Socket.IO namespace do with it.

  SocketIoPlace place() const;
  const SocketIoId& socket_id() const { return id_; }
  socket_io::RemoteSocket picture() const;
  /// Those that it has joined, in their order; not its own.
  const std::vector<std::string>& joined() const { return joined_; }
  /// Set where it has come back: the packets after that number are still to come.
  std::optional<std::uint64_t> replay_from() const;
  /// The session of its `auth` is looked for, then the middleware is asked.
  void begin();
  void on_restored(std::optional<RestoredSession> session);
  /// The middleware before `step` lets it pass, or does not.
  void go_on(std::size_t step);
  void refuse(const socket_io::ConnectError& error);
  void on_event(const socketio::Packet& packet);
  /// The middleware before `step` lets an event pass, or does not.
  void pass(const std::shared_ptr<IncomingEvent>& event, std::size_t step);
  void on_event_refused(const socket_io::ConnectError& error);
  void on_ack(const socketio::Packet& packet);
  void answer(std::uint64_t ack, const SocketIoPayload& payload);
  /// Packets that are for it.
  void take(const SocketIoParcel& parcel);
  /// What it has missed; never too much.
  void take_missed(const std::vector<SocketIoPacketPtr>& packets);
  void disconnect_now(bool close);
  /// Its client has it, and clients still hear of it.
  bool is_in() const { return state_ == State::Connected || state_ == State::Leaving; }
  void note_join(const std::string& room);
  void note_leave(const std::string& room);
  /// Its home and its reactor have lost each other.
  void give_up();
  /// It has left its client.
  void end(std::string_view reason);

 private:
  enum class State : std::uint8_t {
    Arriving,
    Connected,
    Leaving,  // disconnected by us; what it was sent before goes first
    Ending,   // out of its client, and still in its rooms
    Ended,
  };
  struct PendingAck {
    std::uint64_t collector = 0;
    std::optional<TimePoint> until;
  };
  template <class Listener>
  using List = std::vector<std::shared_ptr<const Listener>>;
  /// What most sockets do without.
  struct Extras {
    std::string pid;
    std::string version_2_id;
    std::optional<std::uint64_t> replay_from;
    List<socket_io::AnyListener> any;
    List<socket_io::AnyListener> any_outgoing;
    List<socket_io::EventMiddleware> middlewares;
    List<socket_io::ErrorListener> error;
    List<socket_io::DisconnectListener> disconnecting;
    List<socket_io::DisconnectListener> disconnect;
    std::unordered_map<std::uint64_t, PendingAck> acks;
  };

  Extras& extras();
  std::shared_ptr<const socket_io::Handshake> shared_handshake() const;
  SharedBytes event_name(std::string_view event) const;
  void connect();
  void take(const SocketIoPacket& packet);
  bool hears_outgoing() const { return extras_ && !extras_->any_outgoing.empty(); }
  bool expect_ack(const SocketIoPacket& packet);
  void tell_outgoing(const SocketIoPacket& packet);
  template <class Listener, class... Arguments>
  void call_all(const List<Listener>& listeners, const Arguments&... arguments);
  void tell_end(const List<socket_io::DisconnectListener>& listeners, const char* what,
                std::string_view reason);

  SocketIoClient& client_;
  const SocketIoNamespace& handlers_;
  std::unique_ptr<const std::string> own_name_;  // null: the handlers' is its Socket.IO namespace's
  std::unique_ptr<const std::string> auth_;      // null: none
  mutable std::shared_ptr<const socket_io::Handshake> handshake_;  // once somebody has asked
  SocketIoId id_ = SocketIoId::make();
  State state_ = State::Arriving;
  bool recovered_ = false;
  Handle handle_;
  std::any data_;
  std::vector<std::string> joined_;
  SocketIoListeners listeners_;
  std::unique_ptr<Extras> extras_;
};

}  // namespace carillon::facade
