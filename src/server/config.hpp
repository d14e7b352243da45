// All settings as plain values with their defaults. What they mean to users, their ranges and
// their names in file and environment stand in one table, config_keys.cpp.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "access/policy.hpp"
#include "core/log.hpp"

namespace carillon::server {

/// How sockets are read and written; see net/io_choice.hpp.
enum class IoBackend : std::uint8_t { Auto, Uring, Epoll };

struct ServerConfig {
  std::vector<std::string> listen = {"127.0.0.1:8000"};  // see config_listen.hpp
  std::vector<std::string> proxy_protocol;               // some of `listen`
  std::size_t reactors = 0;                              // 0: one per core
  IoBackend io = IoBackend::Auto;
  std::string secret;  // empty: made once, kept in data_dir
  std::string data_dir = "carillon-data";
  std::string log_level = "info";
  LogFormat log_format = LogFormat::Text;
  std::chrono::seconds drain{20};
};

/// Whether HTTP/2 is spoken without TLS, with those who begin with it.
enum class H2c : std::uint8_t { Off, On };

struct HttpConfig {
  std::string base_path;  // empty, or with a leading and without a trailing slash
  std::size_t max_target_bytes = 8 * 1024;
  std::size_t max_header_count = 100;
  std::size_t max_header_bytes = 16 * 1024;
  std::size_t max_body_bytes = 1024 * 1024;
  std::chrono::seconds header{10};
  std::chrono::seconds body{30};
  std::chrono::seconds idle{75};
  std::chrono::seconds write{30};
  H2c h2c = H2c::Off;
};

/// Whether messages are compressed where a client offers it.
enum class Compression : std::uint8_t { Off, On };

/// Whose messages may refer to earlier ones of the same connection.
enum class ContextTakeover : std::uint8_t { None, Server, Client, Both };

/// Whose tokens count; neither secret nor keys: nobody's.
struct TokenConfig {
  std::string secret;
  std::string keys;  // the path or the URL of a JWK Set
  std::chrono::seconds keys_refresh{600};
  std::string issuer;
  std::string audience;
  std::chrono::seconds leeway{10};
};

/// The application that is asked who a client is; without a URL nobody is.
struct ConnectConfig {
  std::string url;
  std::vector<std::string> headers;
  std::chrono::milliseconds timeout{3000};
};

struct WebSocketConfig {
  std::size_t max_message_bytes = 64 * 1024;
  std::size_t max_outbox_bytes = 1024 * 1024;
  std::chrono::seconds ping{25};
  std::chrono::seconds pong{20};
  Compression compression = Compression::Off;
  std::size_t compression_min_bytes = 256;
  std::size_t compression_level = 6;
  std::size_t compression_window_bits = 15;
  ContextTakeover compression_context = ContextTakeover::None;
};

struct SseConfig {
  std::chrono::seconds heartbeat{15};
  std::chrono::milliseconds retry{2000};
  std::size_t max_outbox_bytes = 1024 * 1024;
};

struct LongPollConfig {
  std::chrono::seconds default_wait{30};
  std::chrono::seconds max_wait{60};
};

/// Whether Socket.IO clients of version 2 are served.
enum class Eio3 : std::uint8_t { Off, On };

struct SocketIoConfig {
  std::string path = "/socket.io/";  // empty: it is not served
  std::chrono::milliseconds ping_interval{25'000};
  std::chrono::milliseconds ping_timeout{20'000};
  std::chrono::milliseconds upgrade{10'000};
  std::chrono::milliseconds connect{45'000};
  std::size_t max_payload_bytes = 1'000'000;
  std::size_t max_outbox_bytes = 1024 * 1024;
  Eio3 allow_eio3 = Eio3::Off;
  std::string cookie;
  std::vector<std::string> event_names;  // see event_names.hpp
};

/// What outlives the process: see docs/deploy.md.
enum class Durability : std::uint8_t { None, Snapshot, Log };
/// When the log is forced onto the disk.
enum class Fsync : std::uint8_t { Always, Interval, Never };

struct HistoryConfig {
  std::size_t count = 1000;
  std::chrono::seconds age{3600};
  std::size_t bytes = 1024 * 1024;
  std::size_t total_bytes = 256 * 1024 * 1024;  // of all channels
  Durability durability = Durability::Snapshot;
  Fsync fsync = Fsync::Always;
  std::chrono::milliseconds fsync_interval{1000};
  std::size_t log_bytes = 256 * 1024 * 1024;
};

struct ChannelsConfig {
  std::size_t live_count = 100'000;
  std::size_t metadata_count = 1'000'000;
  std::chrono::days metadata_age{30};
  std::size_t subscriptions_per_session = 1000;
  std::chrono::milliseconds flush_interval{5};
  std::chrono::seconds presence_lease{12};
};

/// What happens to an endpoint whose outbox is over its limit.
enum class OutboxPolicy : std::uint8_t { Disconnect, DropOldest, Conflate };

/// A call is a channel in it, and who is in the call must be known.
inline constexpr std::string_view kCallNamespace = "call";

/// Whether it is known who is in the channels of a namespace.
enum class Presence : std::uint8_t { Off, On };

/// `[namespace.NAME]`; what it does not set is as in `[history]`, `[channels]` and `[limits]`.
struct NamespaceConfig {
  access::Audience allow_subscribe = access::Audience::Default;
  access::Audience allow_publish = access::Audience::Default;
  access::Audience allow_history = access::Audience::Default;
  access::Audience allow_ephemeral = access::Audience::Default;
  access::Audience allow_presence = access::Audience::Default;
  std::size_t history_count = 1000;
  std::chrono::seconds history_age{3600};
  std::size_t history_bytes = 1024 * 1024;
  std::size_t publication_bytes = 64 * 1024;
  std::size_t channel_messages_per_s = 0;
  std::size_t channel_bytes_per_s = 0;
  OutboxPolicy outbox = OutboxPolicy::Disconnect;
  Compression websocket_compression = Compression::On;
  std::chrono::milliseconds flush_interval{5};
  Presence presence = Presence::Off;
  std::size_t presence_members = 20'000;
  std::string schema;  // the path of a JSON Schema; empty: none
};

/// `[api_key.NAME]`.
struct ApiKeyConfig {
  std::string secret;
  std::vector<std::string> scopes = {"publish"};
  std::vector<std::string> channels = {"*"};  // patterns
};

struct LimitsConfig {
  std::size_t connections = 0;  // 0: as many as the file descriptor limit leaves room for
  std::size_t publication_bytes = 64 * 1024;
  // By kLimitNames of transport/common/limit.hpp; 0: any number.
  std::size_t messages_per_s = 100;
  std::size_t bytes_per_s = 1024 * 1024;
  std::size_t subscribes_per_s = 100;
  std::size_t history_reads_per_s = 20;
  std::size_t presence_updates_per_s = 5;
  std::size_t signals_per_s = 50;
  std::size_t user_messages_per_s = 200;
  std::size_t user_bytes_per_s = 2 * 1024 * 1024;
  std::size_t user_connects_per_s = 20;
  std::size_t user_connections = 100;
  std::size_t address_requests_per_s = 200;
  std::size_t address_connects_per_s = 100;
  std::size_t address_connections = 1000;
  std::size_t connects_per_s = 0;
  std::chrono::seconds burst{10};
  std::size_t breaches = 50;
  std::vector<std::string> exempt = {"127.0.0.0/8", "::1", "unix:"};
};

/// Whether a certificate is made for development.
enum class SelfSigned : std::uint8_t { Off, On };
/// The oldest version of TLS that is spoken.
enum class TlsMinVersion : std::uint8_t { Tls12, Tls13 };
/// Whether clients must show a certificate.
enum class ClientCertificates : std::uint8_t { Off, Optional, Required };

/// For the addresses that begin with `https://`: see docs/deploy.md.
struct TlsConfig {
  std::vector<std::string> certificates;  // paths; the first is for whoever names no other host
  std::vector<std::string> keys;          // paths, in the same order; none: in the same files
  SelfSigned self_signed = SelfSigned::Off;
  TlsMinVersion min_version = TlsMinVersion::Tls12;
  std::string ciphers = "ECDHE+AESGCM:ECDHE+CHACHA20";
  std::string cipher_suites =
      "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256";
  std::string groups = "X25519:P-256:P-384";
  ClientCertificates client_certificates = ClientCertificates::Off;
  std::string client_ca;  // a path
  std::chrono::seconds handshake{10};
  std::chrono::seconds ticket_rotation{12 * 3600};
  std::chrono::seconds check{10};  // 0: never
  std::string hsts;
  std::vector<std::string> redirect_listen;
  std::size_t redirect_port = 443;
};

/// Whether the lab (/lab) may measure and disturb the connections of its visitors.
enum class LabHooks : std::uint8_t { Off, On };
/// Whether the server makes up data for the demos (/demos).
enum class DemoData : std::uint8_t { Off, On };

struct PagesConfig {
  LabHooks lab = LabHooks::Off;
  DemoData demo = DemoData::Off;
};

/// The relay for calls whose peers cannot reach each other; without an address it is off: see
/// docs/turn.md.
struct TurnConfig {
  std::vector<std::string> listen;      // by UDP and TCP
  std::vector<std::string> tls_listen;  // by TLS
  std::string realm = "carillon";
  std::string secret;                    // empty: no timed credentials
  std::vector<std::string> users;        // `name:password`
  std::vector<std::string> external_ip;  // one of each family at most; so for relay_ip
  std::vector<std::string> relay_ip;
  std::size_t min_port = 49'152;
  std::size_t max_port = 65'535;
  std::vector<std::string> allowed_peers;  // addresses and blocks
  std::size_t allocations = 1000;          // 0: any number; so for all that follow
  std::size_t user_allocations = 20;
  std::size_t address_allocations = 100;
  std::size_t allocation_bytes_per_s = 1024 * 1024;
  std::size_t source_answers_per_s = 20;
  std::size_t stranger_answers_per_s = 2000;
};

/// By which ways the peers of a call may reach each other.
enum class IceTransportPolicy : std::uint8_t { All, Relay };

/// What clients are told for their calls: see docs/webrtc.md.
struct RtcConfig {
  std::string host;  // of [turn]; empty: see the key
  std::vector<std::string> stun_urls;
  std::vector<std::string> turn_urls;
  std::string turn_secret;  // of `turn_urls`
  std::chrono::seconds credential{24 * 3600};
  IceTransportPolicy policy = IceTransportPolicy::All;
};

struct AdminConfig {
  std::vector<std::string> listen;  // besides [server] listen, for /metrics and /readyz
};

struct Config {
  ServerConfig server;
  HttpConfig http;
  access::PolicyText access;  // valid: make_policy() accepts it
  TokenConfig tokens;         // keys of [access], too
  ConnectConfig connect;      // the same
  WebSocketConfig websocket;
  SseConfig sse;
  LongPollConfig longpoll;
  SocketIoConfig socketio;
  HistoryConfig history;
  ChannelsConfig channels;
  LimitsConfig limits;
  TlsConfig tls;
  PagesConfig pages;
  TurnConfig turn;
  RtcConfig rtc;
  AdminConfig admin;
  std::map<std::string, NamespaceConfig> namespaces;
  std::map<std::string, ApiKeyConfig> api_keys;
  /// Where what is not a default was written, by `[section] key`: `carillon.toml:3`.
  std::map<std::string, std::string> written_at;
};

}  // namespace carillon::server
