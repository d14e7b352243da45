// Socket.IO: events, acknowledgements, rooms and Socket.IO namespaces for unmodified clients.
#pragma once

#include <any>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "carillon/export.hpp"
#include "carillon/opening.hpp"
#include "carillon/request.hpp"
#include "carillon/socket_io_emitter.hpp"
#include "carillon/socket_io_value.hpp"

namespace carillon::socket_io {

class Socket;

using Listener = std::function<void(Socket&, const Arguments&, const Ack&)>;
using AnyListener = std::function<void(Socket&, std::string_view event, const Arguments&)>;
/// With the reason, e.g. `transport close`, `client namespace disconnect`, `ping timeout`.
using DisconnectListener = std::function<void(Socket&, std::string_view reason)>;
using ConnectionListener = std::function<void(Socket&)>;
using Middleware = std::function<void(Socket&, const Next&)>;
/// Runs before those that listen to an event; it may change the arguments, until it calls `next`.
using EventMiddleware =
    std::function<void(Socket&, std::string_view event, Arguments&, const Next& next)>;
/// With what a middleware of the socket has given to `next`.
using ErrorListener = std::function<void(Socket&, const ConnectError&)>;

/// One client in one Socket.IO namespace.
/// Thread:   its reactor's; elsewhere, use `Server::to` with its id.
/// Lifetime: from the first middleware until `on_disconnect` has returned.
class CARILLON_API Socket {
 public:
  /// 20 characters, fresh for each connection unless that is recovered. Of a client of version 2:
  /// what that makes of its connection's id.
  virtual std::string_view id() const = 0;
  /// Of the Socket.IO namespace, e.g. `/admin`.
  virtual std::string_view name_space() const = 0;
  /// Made when it is first asked for, and kept from then on.
  virtual const Handshake& handshake() const = 0;
  /// `polling` or `websocket`, as it is now.
  virtual std::string_view transport() const = 0;
  virtual bool connected() const = 0;
  /// Whether its id, rooms and data are those that it had before its connection was lost.
  virtual bool recovered() const = 0;
  /// The application's own. Copied for `fetch_sockets`, on this reactor.
  virtual std::any& data() = 0;

  /// More than one listener of an event are called in the order in which they came. One that
  /// throws ends the connection, and the exception is logged.
  virtual void on(std::string_view event, Listener listener) = 0;
  virtual void once(std::string_view event, Listener listener) = 0;
  virtual void off(std::string_view event) = 0;
  /// Of all events; those that hear every event stay.
  virtual void off() = 0;
  virtual std::vector<std::string> event_names() const = 0;
  /// Every event, before middleware and those that listen to it.
  virtual void on_any(AnyListener listener) = 0;
  virtual void prepend_any(AnyListener listener) = 0;
  virtual void off_any() = 0;
  /// Every event that goes to this client, whoever has emitted it; acknowledgements are none.
  virtual void on_any_outgoing(AnyListener listener) = 0;
  virtual void prepend_any_outgoing(AnyListener listener) = 0;
  virtual void off_any_outgoing() = 0;
  /// For events of this client, in the order in which they came. One that refuses an event ends it:
  /// `on_error` hears why, the client does not. One that throws ends the connection.
  virtual void use(EventMiddleware middleware) = 0;
  virtual void on_error(ErrorListener listener) = 0;
  /// While it is still in its rooms.
  virtual void on_disconnecting(DisconnectListener listener) = 0;
  virtual void on_disconnect(DisconnectListener listener) = 0;

  /// Throws and returns as `Emitter::emit`.
  virtual bool emit(std::string_view event, const Arguments& arguments = {}) = 0;
  virtual void emit_with_ack(std::string_view event, const Arguments& arguments,
                             std::function<void(const Replies&)> done) = 0;
  /// The event `message`.
  bool send(const Arguments& arguments) { return emit("message", arguments); }
  /// To this client alone.
  virtual Emitter itself() const = 0;
  Emitter timeout(std::chrono::milliseconds time) const { return itself().timeout(time); }
  Emitter volatile_() const { return itself().volatile_(); }
  Emitter compress(bool compresses) const { return itself().compress(compresses); }
  /// To all but this client.
  virtual Emitter broadcast() const = 0;
  Emitter to(std::string_view room) const { return broadcast().to(room); }
  Emitter in(std::string_view room) const { return broadcast().to(room); }
  Emitter except(std::string_view room) const { return broadcast().except(room); }

  virtual void join(std::string_view room) = 0;
  virtual void leave(std::string_view room) = 0;
  /// Its own, named as its id, among them.
  virtual std::set<std::string> rooms() const = 0;

  /// `close`: the connection too, with all its Socket.IO namespaces.
  virtual void disconnect(bool close = false) = 0;

  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;

 protected:
  Socket() = default;
  ~Socket() = default;
};

/// What can be sent to everybody in a Socket.IO namespace.
/// Thread: any.
class CARILLON_API Broadcaster {
 public:
  virtual Emitter emitter() const = 0;
  Emitter to(std::string_view room) const { return emitter().to(room); }
  Emitter in(std::string_view room) const { return emitter().to(room); }
  Emitter except(std::string_view room) const { return emitter().except(room); }
  Emitter local() const { return emitter(); }
  Emitter volatile_() const { return emitter().volatile_(); }
  Emitter timeout(std::chrono::milliseconds time) const { return emitter().timeout(time); }
  Emitter compress(bool compresses) const { return emitter().compress(compresses); }
  bool emit(std::string_view event, const Arguments& arguments = {}) const {
    return emitter().emit(event, arguments);
  }
  void emit_with_ack(std::string_view event, const Arguments& arguments,
                     std::function<void(const Replies&)> done) const {
    emitter().emit_with_ack(event, arguments, std::move(done));
  }
  /// The event `message`.
  bool send(const Arguments& arguments) const { return emit("message", arguments); }
  void fetch_sockets(std::function<void(std::vector<RemoteSocket>)> done) const {
    emitter().fetch_sockets(std::move(done));
  }
  void sockets_join(std::string_view room) const { emitter().sockets_join(room); }
  void sockets_leave(std::string_view room) const { emitter().sockets_leave(room); }
  void disconnect_sockets(bool close = false) const { emitter().disconnect_sockets(close); }

  Broadcaster(const Broadcaster&) = delete;
  Broadcaster& operator=(const Broadcaster&) = delete;

 protected:
  Broadcaster() = default;
  ~Broadcaster() = default;
};

/// A Socket.IO namespace: its handlers, set before the server runs, and everybody in it.
/// Lifetime: its server's.
class CARILLON_API Namespace : public Broadcaster {
 public:
  /// E.g. `/admin`; empty: handlers of all that match.
  virtual const std::string& name() const = 0;
  /// Runs before a client is let in, in the order in which they came; the socket may be looked at,
  /// given data and listeners. One that throws refuses.
  /// Throws std::logic_error once the server runs, as `on_connection` does.
  virtual Namespace& use(Middleware middleware) = 0;
  virtual Namespace& on_connection(ConnectionListener listener) = 0;

 protected:
  ~Namespace() = default;
};

/// Lets a client connect, or not: the answer to its handshake, now or later, from any thread. Only
/// the first call counts; one that is forgotten is answered 503 after 30 seconds.
class CARILLON_API Admission {
 public:
  using Decide = std::function<void(std::optional<std::string> refusal)>;
  explicit Admission(Decide decide) : decide_(std::move(decide)) {}
  void accept() const { decide_(std::nullopt); }
  /// 403 with `{"code":4,"message":…}`.
  void refuse(std::string message = "Forbidden") const { decide_(std::move(message)); }

 private:
  Decide decide_;
};

/// Adds a field to an answer. Throws std::invalid_argument for a name that is no token.
using SetHeader = std::function<void(std::string_view name, std::string_view value)>;

/// Bringing back clients whose connection was lost: their id, rooms, data, and what they missed.
struct Recovery {
  /// At most that long, and at most 10,000 emits or 16 MiB of a Socket.IO namespace.
  std::chrono::milliseconds max_disconnection_duration = std::chrono::minutes(2);
  /// Whether middleware is not asked again.
  bool skip_middlewares = true;
};

struct Options {
  std::string path = "/socket.io";
  /// Each 200 ms to 1 day.
  std::chrono::milliseconds ping_interval{25'000};
  std::chrono::milliseconds ping_timeout{20'000};
  std::chrono::milliseconds upgrade_timeout{10'000};
  /// How long a client may be in no Socket.IO namespace.
  std::chrono::milliseconds connect_timeout{45'000};
  /// Octets of one message, or one POST, of a client.
  std::uint64_t max_payload_bytes = 1'000'000;
  /// Octets that wait for a client before the next emit gives it up as too slow.
  std::size_t max_buffered_bytes = 1024 * 1024;
  /// Octets of all attachments of one packet of a client.
  std::size_t max_attachments_bytes = 16 * 1024 * 1024;
  std::size_t max_attachments = 10;
  /// Of one connection.
  std::size_t max_namespaces = 100;
  /// Acknowledgements of one client that are waited for.
  std::size_t max_pending_acks = 1000;
  bool polling = true;
  bool websocket = true;
  bool upgrades = true;
  /// Whether clients of version 2 (Engine.IO 3) are served too. They are in `/` without asking, and
  /// what they say as the query of a Socket.IO namespace is its `auth`.
  bool allow_eio3 = false;
  /// The name of a cookie with the id of the connection; empty: none.
  std::string cookie = {};
  Origins origins = Origins::Allowed;
  /// Not set: nobody is brought back.
  std::optional<Recovery> connection_state_recovery = {};
  /// Judges each handshake.
  std::function<void(const Request&, const Admission&)> allow_request = {};
  /// Adds fields to the answer to a handshake, and to all answers.
  std::function<void(const Request&, const SetHeader&)> initial_headers = {};
  std::function<void(const Request&, const SetHeader&)> headers = {};
};

/// Tells which Socket.IO namespaces there are that nobody has named before.
using NamespaceMatcher = std::function<bool(std::string_view name, const Value& auth)>;

/// Everything that Socket.IO serves at one path. Its own handlers are those of the Socket.IO
/// namespace `/`, and its emits go to everybody there.
/// Thread:   handlers run on their socket's reactor.
/// Lifetime: that of the `carillon::Server` that made it.
class CARILLON_API Server : public Namespace {
 public:
  /// Makes the Socket.IO namespace if there is none of that name yet.
  /// Throws std::logic_error for a new one once the server runs.
  virtual Namespace& of(std::string_view name) = 0;
  /// Handlers of all Socket.IO namespaces that match and have none of their own; of several that
  /// match, the first. What is sent through it goes nowhere: see `emitter`.
  virtual Namespace& of(NamespaceMatcher matcher) = 0;

  using Broadcaster::emitter;
  /// Everybody in a Socket.IO namespace, whoever's its handlers are.
  virtual Emitter emitter(std::string_view name_space) const = 0;

 protected:
  ~Server() = default;
};

}  // namespace carillon::socket_io
