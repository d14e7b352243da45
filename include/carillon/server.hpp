// The server: routes, endpoints, channels, timers, and the loop that serves them.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "carillon/access.hpp"
#include "carillon/channel.hpp"
#include "carillon/event_stream.hpp"
#include "carillon/export.hpp"
#include "carillon/request.hpp"
#include "carillon/response.hpp"
#include "carillon/socket_io.hpp"
#include "carillon/web_socket.hpp"

namespace carillon {

/// What `Server::run` does with SIGTERM, SIGINT and SIGHUP.
enum class Signals : std::uint8_t {
  Stop,    // the first drains and ends `run`, the second ends the process; SIGHUP reads
           // the settings again; SIGPIPE is ignored. For one server of a program
  Ignore,  // nothing: they are the program's own
};

/// What this does not set is read from `CARILLON_…` variables, then from `config_file`, as the
/// program `carillon` does; without a file, histories are kept in memory alone unless
/// `history.durability` is set.
struct ServerOptions {
  /// `127.0.0.1:8000` (the default), `[::1]:8000`, `:8000` (every address), `unix:/run/x.sock`;
  /// port 0 lets the system choose; with `https://` in front TLS is spoken there. An address that
  /// other machines can reach is refused unless some `access.…` setting says who may do what.
  std::vector<std::string> listen = {};
  /// The paths of a certificate with its chain and of its key, in PEM, for the addresses that begin
  /// with `https://`. The key may stand in the same file. More than one: `tls.certificates`.
  std::string certificate = {};
  std::string key = {};
  /// Event loops, a thread each; 0: one per core. Not set: one, and handlers need no locks; no
  /// setting and no variable changes it.
  std::optional<std::size_t> reactors = {};
  /// The path of a carillon.toml.
  std::string config_file = {};
  /// Any setting of carillon.toml as text, lists with commas:
  /// `{{"access.origins", "https://example.com"}, {"server.log_level", "warn"}}`.
  std::map<std::string, std::string> settings = {};
  /// Who clients are and what they may do, where the settings do not say it. With one of its
  /// functions there is an `[access]` section: nobody may do anything that is not allowed
  /// somewhere.
  AccessOptions access = {};
  /// Whether the pages of `carillon serve` answer at paths without a route.
  bool pages = false;
  Signals signals = Signals::Stop;
};

/// Names a timer.
struct TimerId {
  std::uint64_t number = 0;
  auto operator<=>(const TimerId&) const = default;
};

/// A whole carillon in your program: the protocol's own paths (`/ws`, `/api/…`, `/healthz`) beside
/// yours.
///
/// **Threads.** There is one reactor unless you ask for more: every handler runs on its thread, one
/// at a time, and must not block. With several, a handler runs on the reactor that owns its
/// endpoint. Endpoint objects (`Response`, `WebSocket`, `EventStream`) may be touched there only;
/// from anywhere else use their ids. Functions below are for any thread unless they say otherwise.
///
/// **Exceptions.** A handler that throws is caught at the boundary and logged: HTTP answers 500, a
/// WebSocket closes with 1011, an event stream ends, a task or timer ends.
///
/// Lifetime: longer than `run`, and than every thread that calls it.
class CARILLON_API Server {
 public:
  /// Throws std::invalid_argument that tells everything wrong with the settings, and
  /// std::logic_error where another server of the program hears the signals already.
  explicit Server(const ServerOptions& options = {});
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // --- Before run(). Paths are exact, or have `:name` for one part and `*` at the end for the
  // rest; what is exact wins. Each throws std::invalid_argument for a path that is malformed or
  // already served, and for limits out of range.

  /// Answers requests of that method; GET answers HEAD too. POST and the like are refused to pages
  /// of foreign origins (`[access] origins`).
  void route(std::string_view method, std::string_view path,
             std::function<void(const Request&, Response&)> handler, RouteOptions options = {});
  void web_socket(std::string_view path, WebSocketOptions options);
  void event_stream(std::string_view path, EventStreamOptions options);
  /// Serves Socket.IO at `options.path`; the handlers are set on what is returned.
  carillon::socket_io::Server& socket_io(const carillon::socket_io::Options& options = {});

  // --- Running.

  /// Binds the addresses, if that has not been done, and tells them as URLs with the real ports
  /// (`http://127.0.0.1:8000`, `https://…`, `unix:…`). Throws std::runtime_error. Before run(),
  /// same thread.
  std::vector<std::string> listen();
  /// Serves until stop() or a signal; once. Throws std::runtime_error where it cannot listen.
  void run();
  /// Tells clients to come back, waits until they are gone (`[server] drain_s` at most), and lets
  /// run() return. Safe before run(), which then returns at once.
  void stop();

  // --- Tasks and timers.

  /// Runs `task` on the first reactor. False: it has stopped, or 65,536 tasks wait.
  bool post(std::function<void()> task);
  /// Runs `task` with the endpoint on its reactor, if it is still there then.
  bool post(WebSocketId id, std::function<void(WebSocket&)> task);
  bool post(EventStreamId id, std::function<void(EventStream&)> task);
  bool post(ResponseId id, std::function<void(Response&)> task);

  /// Runs `task` once, or again and again (at least 10 ms apart): on the reactor whose handler
  /// calls, from other threads on the first.
  TimerId after(std::chrono::milliseconds delay, std::function<void()> task);
  TimerId every(std::chrono::milliseconds period, std::function<void()> task);
  /// On its own reactor it never runs again; from elsewhere it may once more.
  void cancel(TimerId timer);

  // --- Clients, by id. False: the message cannot go out (see `WebSocket::send`). From another
  // thread true means that it is on its way to the reactor of the client, and false that 64 MiB of
  // messages, or too many tasks, wait for that reactor.

  bool send(WebSocketId id, std::string_view data, MessageKind kind = MessageKind::Text);
  bool send(EventStreamId id, const Event& event);

  // --- Channels.

  /// Publishes to every subscriber, whatever its transport. `done`, if given, is called on a
  /// reactor: the caller's own, or the first; on a reactor perhaps before this returns.
  /// Returns: false, and does nothing, for what cannot be a channel's name, data that is no JSON or
  ///          over `[limits] publication_bytes`, and where too many tasks or 64 MiB of messages of
  ///          other threads wait.
  bool publish(std::string_view channel, std::string_view data, PublishOptions options = {},
               std::function<void(const PublishResult&)> done = {});
  /// Hears a channel, on the caller's reactor or the first; what was missed, perhaps before this
  /// returns. Access rules do not apply.
  /// Returns: an empty id where too many tasks wait.
  /// Throws std::invalid_argument for what cannot be a channel's name or a position.
  SubscriptionId subscribe(std::string_view channel, ChannelOptions options);
  SubscriptionId subscribe(std::string_view channel,
                           std::function<void(const Publication&)> on_publication);
  /// On its own reactor nothing is heard any more; from elsewhere, a little may be.
  void unsubscribe(SubscriptionId id);

 private:
  class Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace carillon
