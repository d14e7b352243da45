#include "server/config_keys_socketio.hpp"

#include <utility>

#include "server/config_rules.hpp"

namespace carillon::server {
namespace {

constexpr std::int64_t kMiB = 1024 * 1024;
constexpr std::int64_t kHour = 60 * 60 * 1000;  // milliseconds

template <class Field>
void add(std::vector<ConfigKey<Config>>& keys, std::string_view name, Field SocketIoConfig::* field,
         ValueRule rule, std::string_view doc) {
  const auto accessor = [field](auto& config) -> auto& { return config.socketio.*field; };
  keys.push_back(make_key<Config>("socketio", name, accessor, at_start(std::move(rule)), doc));
}

}  // namespace

template <>
std::vector<std::string> texts_of<Eio3>() {
  return {"off", "on"};
}

void add_socketio_keys(std::vector<ConfigKey<Config>>& keys) {
  add(keys, "path", &SocketIoConfig::path, checked(check_socketio_path),
      "Where clients find the server, \"/socket.io/\" unless they are told otherwise. Empty: it "
      "is\n"
      "not served.");
  add(keys, "ping_interval_ms", &SocketIoConfig::ping_interval, between(100, kHour),
      "How long after the handshake, or the last pong, a client is sent a ping.");
  add(keys, "ping_timeout_ms", &SocketIoConfig::ping_timeout, between(100, kHour),
      "How long it may take to answer.");
  add(keys, "upgrade_ms", &SocketIoConfig::upgrade, between(100, kHour),
      "How long a client may take to change from polling to a WebSocket.");
  add(keys, "connect_ms", &SocketIoConfig::connect, between(100, kHour),
      "How long it may take from the handshake of Engine.IO to the CONNECT of Socket.IO.");
  add(keys, "max_payload_bytes", &SocketIoConfig::max_payload_bytes, between(1024, 256 * kMiB),
      "The largest message of a client, and the largest body of a POST of one that polls; clients\n"
      "are told. A larger message ends the connection, a larger body is answered 413.");
  add(keys, "max_outbox_bytes", &SocketIoConfig::max_outbox_bytes, between(16 * 1024, 1024 * kMiB),
      "The most that may wait for one client to read; the namespace's `outbox` says what then.");
  add(keys, "allow_eio3", &SocketIoConfig::allow_eio3, one_of(texts_of<Eio3>()),
      "Whether clients of version 2 are served too (Engine.IO 3). They send their pings "
      "themselves,\n"
      "and are told no id.");
  add(keys, "cookie", &SocketIoConfig::cookie, checked(check_cookie_name),
      "The name of a cookie with the session's id, for proxies before several servers that keep a\n"
      "client with one of them. Empty: none.");
  add(keys, "event_names", &SocketIoConfig::event_names, checked(check_event_names),
      "Other names for our events, e.g. \"message=news\", \"subscribe=join\". Ours are subscribe,\n"
      "unsubscribe, publish, history (of clients), ephemeral, presence, signal (of both), "
      "message,\n"
      "gap, subscribed, unsubscribed, closing, error (of the server).");
}

}  // namespace carillon::server
