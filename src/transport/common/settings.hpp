// What the transports are told at start-up. Immutable afterwards; all reactors share it.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "access/policy.hpp"
#include "core/bytes.hpp"
#include "core/hash.hpp"
#include "core/time.hpp"
#include "protocol/http1/limits.hpp"
#include "protocol/json_schema/schema.hpp"
#include "protocol/websocket/deflate_offer.hpp"
#include "protocol/websocket/keepalive.hpp"
#include "transport/common/limit.hpp"

namespace carillon::transport {

/// The namespace of the server's own channels: no client may touch it, no history keeps it.
inline constexpr Bytes kInternalNamespace = "_carillon";

struct HttpSettings {
  http1::Limits limits;
  /// Octets of a request body; 413.
  std::uint64_t body_bytes = 1024 * 1024;
  /// Time for a whole header section, from its first octet (or from the accept): 408.
  Duration header_time = std::chrono::seconds(10);
  /// Time for a whole body, from the head's end: 408.
  Duration body_time = std::chrono::seconds(30);
  /// How long a connection may wait between two requests.
  Duration idle_time = std::chrono::seconds(75);
  /// Octets of answers that may wait before the next pipelined request is read.
  std::size_t pipeline_outbox_bytes = 1024 * 1024;
  /// Prefix of every path, `/x/y`; empty: none.
  std::string base_path;
  /// Strict-Transport-Security of answers over TLS; empty: none.
  std::string hsts;
  /// Requests without TLS are sent to this port of their host by https; empty: they are served.
  std::optional<std::uint16_t> redirect_port;
};

/// permessage-deflate, for clients that offer it.
struct CompressionSettings {
  std::optional<websocket::DeflatePolicy> policy;  // empty: nothing is compressed
  int level = 6;
  /// Octets of a message below which it is sent as it is.
  std::size_t least_bytes = 256;
  /// Namespaces whose publications are sent as they are.
  std::set<std::string, std::less<>> plain_namespaces;

  bool allows(Bytes channel) const {
    const std::size_t colon = channel.find(':');
    return colon == Bytes::npos || !plain_namespaces.contains(channel.substr(0, colon));
  }
};

struct WebSocketSettings {
  /// Octets of one incoming message, the command around the data included.
  std::uint64_t message_bytes = 64 * 1024;
  /// Octets that may wait for one reader before it is disconnected as slow.
  std::size_t outbox_bytes = 1024 * 1024;
  websocket::KeepaliveLimits keepalive;
  /// Time for a whole message, from its first octet: every octet proves life, so a trickle would
  /// never end.
  Duration message_time = std::chrono::seconds(60);
  /// Time for the peer's answer to our close frame.
  Duration close_time = std::chrono::seconds(5);
  CompressionSettings compression;
};

struct StreamSettings {
  /// Octets that may wait for one reader before it is disconnected as slow.
  std::size_t outbox_bytes = 1024 * 1024;
  /// Silence after which an event stream gets a comment.
  Duration heartbeat = std::chrono::seconds(15);
  /// What `retry:` tells readers.
  std::chrono::milliseconds retry{2000};
  /// Where a long poll does not say how long to wait, and the most it may ask for.
  std::chrono::seconds poll_default{30};
  std::chrono::seconds poll_longest{60};
};

/// What the events of Socket.IO clients on channels are called.
struct SocketIoEvents {
  // Of clients.
  std::string subscribe = "subscribe";
  std::string unsubscribe = "unsubscribe";
  std::string publish = "publish";
  std::string history = "history";
  // Of both.
  std::string ephemeral = "ephemeral";
  std::string presence = "presence";
  std::string signal = "signal";
  // Of the server.
  std::string message = "message";
  std::string gap = "gap";
  std::string subscribed = "subscribed";      // by a back end or the token
  std::string unsubscribed = "unsubscribed";  // by a back end
  std::string closing = "closing";
  std::string error = "error";  // of what asked for no acknowledgement
};

struct SocketIoSettings {
  std::string path = "/socket.io/";  // empty: it is not served
  Duration ping_interval = std::chrono::seconds(25);
  Duration ping_timeout = std::chrono::seconds(20);
  /// From the opening of a second transport to the upgrade.
  Duration upgrade_time = std::chrono::seconds(10);
  /// From the first packet of Engine.IO to the CONNECT of Socket.IO.
  Duration connect_time = std::chrono::seconds(45);
  /// Octets of one message of a client, and of one POST.
  std::uint64_t max_payload_bytes = 1'000'000;
  /// Octets that may wait for one reader before it is disconnected as slow.
  std::size_t outbox_bytes = 1024 * 1024;
  bool allow_eio3 = false;  // clients of version 2
  std::string cookie;       // the name of one with the session's id; empty: none
  SocketIoEvents events;
};

struct SessionSettings {
  /// Signs session tokens; the same on all nodes.
  std::string secret;
  std::chrono::seconds lifetime{std::chrono::hours(24)};
  std::size_t subscriptions = 1000;
};

struct PresenceSettings {
  /// How long a client that was heard of last counts as being there.
  Duration lease = std::chrono::seconds(12);
};

/// Asking the application who a client is.
struct ConnectSettings {
  std::string url;                   // empty: it is not asked
  std::vector<std::string> headers;  // of the client's request, passed on
  Duration time_limit = std::chrono::seconds(3);
};

/// What clients are told for their calls.
struct RtcSettings {
  std::string host;                    // of this server's relay: a name or an address; empty: none
  std::vector<std::string> outer_ips;  // what its machine is known by outside
  // Servers elsewhere, in place of this one's.
  std::vector<std::string> stun_urls;
  std::vector<std::string> turn_urls;
  std::string secret;  // makes credentials of relays; empty: there are none
  std::chrono::seconds credential_time{std::chrono::hours(24)};  // how long they count at most
  bool relay_only = false;
};

/// What data must look like, by namespace; in those that are not named it may be anything.
using Schemas = std::unordered_map<std::string, json_schema::Schema, StringHash, std::equal_to<>>;

struct Settings {
  /// Octets of one publication's data, on every transport.
  std::uint64_t message_bytes = 64 * 1024;
  HttpSettings http;
  WebSocketSettings websocket;
  StreamSettings stream;
  SocketIoSettings socketio;
  SessionSettings session;
  PresenceSettings presence;
  ConnectSettings connect;
  RtcSettings rtc;
  access::Policy policy;
  LimitSettings limits;
  Schemas schemas;
};

}  // namespace carillon::transport
