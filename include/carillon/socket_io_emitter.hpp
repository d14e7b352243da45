// Whom a Socket.IO event goes to, and how it is answered.
#pragma once

#include <any>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "carillon/export.hpp"
#include "carillon/socket_io_value.hpp"

namespace carillon::facade {
class SocketIo;
struct SocketIoAck;
struct SocketIoNext;
}  // namespace carillon::facade

namespace carillon::socket_io {

class RemoteSocket;

/// What clients have answered to `emit_with_ack`.
struct Replies {
  /// Empty: all of them have. Otherwise why not, e.g. `operation has timed out`.
  std::string_view error = {};
  /// Of those who have, in the order in which the answers came.
  std::vector<Arguments> responses = {};
};

/// The clients of one Socket.IO namespace, narrowed down step by step:
///
///     io.to("kitchen").to("garden").except(socket.id()).emit("supper", {"at", 7});
///
/// All emits of a Socket.IO namespace reach every client in one order.
/// Thread:   a plain value; its functions are for any thread.
/// Lifetime: not beyond the server's.
class CARILLON_API Emitter {
 public:
  /// Those in one of the rooms; without any, everybody. Every socket is in the room of its id.
  Emitter to(std::string_view room) const;
  Emitter in(std::string_view room) const { return to(room); }
  Emitter except(std::string_view room) const;
  /// Clients of this server only: there is no other yet.
  Emitter local() const { return *this; }
  /// Lost where a client does not take it at once, and not replayed.
  Emitter volatile_() const;
  /// For programs that say so: no message is compressed here.
  Emitter compress(bool /*compresses*/) const { return *this; }
  /// How long `emit_with_ack` waits; without, until the clients have answered or are gone.
  Emitter timeout(std::chrono::milliseconds time) const;

  /// Returns: false, and does nothing, where too much waits for the reactor that orders the emits.
  /// Throws std::invalid_argument for the names that are reserved: `connect`, `connect_error`,
  /// `disconnect`, `disconnecting`, `newListener`, `removeListener`.
  bool emit(std::string_view event, const Arguments& arguments = {}) const;
  /// `done` is called once, on the caller's reactor, or on the first. Throws as `emit`.
  void emit_with_ack(std::string_view event, const Arguments& arguments,
                     std::function<void(const Replies&)> done) const;

  /// Tells who is there to `done`, on the caller's reactor, or on the first.
  void fetch_sockets(std::function<void(std::vector<RemoteSocket>)> done) const;
  void sockets_join(std::string_view room) const;
  void sockets_leave(std::string_view room) const;
  /// `close`: the connection too, with all its Socket.IO namespaces.
  void disconnect_sockets(bool close = false) const;

  /// For the library alone.
  Emitter(facade::SocketIo& io, std::string name_space)
      : io_(&io), name_space_(std::move(name_space)) {}

 private:
  friend class facade::SocketIo;

  facade::SocketIo* io_;
  std::string name_space_;
  std::vector<std::string> rooms_;
  std::vector<std::string> except_;
  std::optional<std::chrono::milliseconds> timeout_;
  bool is_volatile_ = false;
};

/// What the client said when it came.
struct Handshake {
  /// Names in lower case.
  std::map<std::string, std::string> headers;
  std::map<std::string, std::string> query;
  /// Path and query as it has written them.
  std::string url;
  std::string address;
  /// Whether it came from a page (it named an Origin), and by https.
  bool xdomain = false;
  bool secure = false;
  /// Milliseconds since 1970.
  std::int64_t issued = 0;
  /// What `auth` of the client says: an object.
  Value auth = Value::json("{}");
};

/// A client as other reactors see it: a picture of what it was, and the way to it.
class CARILLON_API RemoteSocket {
 public:
  const std::string& id() const { return id_; }
  const Handshake& handshake() const { return *handshake_; }
  const std::set<std::string>& rooms() const { return rooms_; }
  /// A copy of `Socket::data`.
  const std::any& data() const { return data_; }

  bool emit(std::string_view event, const Arguments& arguments = {}) const {
    return emitter_.emit(event, arguments);
  }
  Emitter timeout(std::chrono::milliseconds time) const { return emitter_.timeout(time); }
  Emitter volatile_() const { return emitter_.volatile_(); }
  Emitter compress(bool compresses) const { return emitter_.compress(compresses); }
  void join(std::string_view room) const { emitter_.sockets_join(room); }
  void leave(std::string_view room) const { emitter_.sockets_leave(room); }
  void disconnect(bool close = false) const { emitter_.disconnect_sockets(close); }

  /// For the library alone.
  RemoteSocket(std::string id, std::shared_ptr<const Handshake> handshake,
               std::set<std::string> rooms, std::any data, Emitter emitter)
      : id_(std::move(id)),
        handshake_(std::move(handshake)),
        rooms_(std::move(rooms)),
        data_(std::move(data)),
        emitter_(std::move(emitter)) {}

 private:
  std::string id_;
  std::shared_ptr<const Handshake> handshake_;
  std::set<std::string> rooms_;
  std::any data_;
  Emitter emitter_;
};

/// Answers an event, now or later: `ack({"taken"})`. Only the first call counts.
/// Thread: any.
class CARILLON_API Ack {
 public:
  Ack() = default;
  explicit Ack(std::shared_ptr<facade::SocketIoAck> state) : state_(std::move(state)) {}
  /// Whether the client waits for an answer.
  explicit operator bool() const { return state_ != nullptr; }
  /// Does nothing where the client does not wait, or has gone.
  void operator()(const Arguments& arguments = {}) const;

 private:
  std::shared_ptr<facade::SocketIoAck> state_;
};

/// Why a client may not come in: the `Error` that its `connect_error` gets. Or why an event is
/// refused, for `Socket::on_error`.
struct ConnectError {
  std::string message;
  std::optional<Value> data = {};
};

/// Goes on with the next middleware, or refuses; now or later. Only the first call counts.
/// Thread: any.
class CARILLON_API Next {
 public:
  explicit Next(std::shared_ptr<facade::SocketIoNext> state) : state_(std::move(state)) {}
  void operator()() const;
  void operator()(const ConnectError& error) const;

 private:
  std::shared_ptr<facade::SocketIoNext> state_;
};

}  // namespace carillon::socket_io
