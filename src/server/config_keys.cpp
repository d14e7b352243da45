#include "server/config_keys.hpp"

#include <array>
#include <iterator>

#include "access/decision.hpp"
#include "server/config_keys_rtc.hpp"
#include "server/config_keys_socketio.hpp"
#include "server/config_keys_tls.hpp"
#include "server/config_keys_turn.hpp"
#include "server/config_rules.hpp"

namespace carillon::server {
namespace {

using Keys = std::vector<ConfigKey<Config>>;

constexpr std::int64_t kDay = 24 * 60 * 60;  // seconds
constexpr std::int64_t kMiB = 1024 * 1024;

constexpr std::array kSections = {
    ConfigSection{"server", "The process itself."},
    ConfigSection{"http",
                  "HTTP/1.1 and HTTP/2: where the paths begin, and what one request may cost."},
    ConfigSection{"access",
                  "Who may do what. Without this section only clients on this machine are served,\n"
                  "no request that came through a proxy is, and listening on any other address is\n"
                  "refused. With it, nobody may do anything that is not listed here."},
    ConfigSection{"websocket", "WebSocket connections."},
    ConfigSection{"sse", "Server-Sent Events."},
    ConfigSection{"longpoll", "Long polling."},
    ConfigSection{"socketio", "Socket.IO clients of version 3 and 4, on the same channels."},
    ConfigSection{"history", "What channels keep; a namespace may say otherwise for its own."},
    ConfigSection{"channels", "How many channels there may be, and how long they are remembered."},
    ConfigSection{"limits", "Bounds that no transport has for itself."},
    ConfigSection{
        "tls",
        "TLS 1.2 and 1.3, on the addresses of any `listen` that begin with \"https://\".\n"
        "Files are read again on SIGHUP and when they change; connections stay."},
    ConfigSection{"pages", "The pages that the server carries: /lab and /demos."},
    ConfigSection{
        "turn",
        "A TURN server, which relays calls whose peers cannot reach each other, and tells "
        "clients\n"
        "their address (STUN). It is off until `listen` or `tls_listen` has an address."},
    ConfigSection{"rtc",
                  "What clients are told for their calls, at /api/rtc/config: relays, with a "
                  "credential of\n"
                  "their own, and how to use them. Without any key here it is about [turn]."},
    ConfigSection{"admin", "What only the operators should see."},
    ConfigSection{
        "namespace",
        "Settings of the channels whose name begins with NAME and a colon, here `chat:`.\n"
        "There may be any number of these sections. What one does not set is as in\n"
        "[history], [channels] and [limits]."},
    ConfigSection{"api_key",
                  "Secrets of back ends: whoever sends one as a bearer token may do what its\n"
                  "section says, in whichever way it speaks. There may be any number."},
};

/// Finds a field in a part of Config, const or not.
template <class Part, class Field>
auto in(Part Config::* part, Field Part::* field) {
  return [part, field](auto& config) -> auto& { return config.*part.*field; };
}

template <class Part, class Field>
void add(Keys& keys, std::string_view section, std::string_view name, Part Config::* part,
         Field Part::* field, ValueRule rule, std::string_view doc) {
  keys.push_back(make_key<Config>(section, name, in(part, field), std::move(rule), doc));
}

void add_server(Keys& keys) {
  const auto key = [&keys](std::string_view name, auto field, ValueRule rule, auto doc) {
    add(keys, "server", name, &Config::server, field, std::move(rule), doc);
  };
  key("listen", &ServerConfig::listen, at_start(checked(check_listen)),
      "Addresses to listen on: \"127.0.0.1:8000\", \"[::1]:8000\", \"localhost:8000\",\n"
      "\"0.0.0.0:8000\", \":8000\" (every address), \"unix:/run/carillon.sock\". Port 0: any. "
      "With\n"
      "\"https://\" in front, e.g. \"https://0.0.0.0:8443\", TLS is spoken there: see [tls].");
  key("proxy_protocol", &ServerConfig::proxy_protocol, at_start(checked(check_listen)),
      "Those of the addresses in `listen`, as they stand there, where every connection begins "
      "with\n"
      "a PROXY header of version 2 that tells the client's address (HAProxy: send-proxy-v2). It "
      "is\n"
      "taken from [access] trusted_proxies only; all others are turned away.");
  key("reactors", &ServerConfig::reactors, at_start(between(0, 256)),
      "Event loops, each on a thread of its own. 0: one per core.");
  key("io", &ServerConfig::io, at_start(one_of(texts_of<IoBackend>())),
      "How sockets are read and written: \"uring\": many at a time, by io_uring; \"epoll\": one "
      "by\n"
      "one; \"auto\": by io_uring where kernel and container allow it. Where they do not, "
      "\"uring\"\n"
      "falls back to \"epoll\" too, with a warning.");
  key("secret", &ServerConfig::secret, secret(at_start(checked(check_secret))),
      "Signs session tokens; the same on all nodes, at least 32 characters. Empty: one is made\n"
      "at the first start and kept in data_dir.");
  key("data_dir", &ServerConfig::data_dir, at_start(checked(check_data_dir)),
      "The folder for what outlives the process: the secret, and what [history] durability says.\n"
      "It is made if it is not there; two servers cannot share one.");
  key("log_level", &ServerConfig::log_level,
      one_of({"trace", "debug", "info", "warn", "error", "off"}), "What is worth a log line.");
  key("log_format", &ServerConfig::log_format, at_start(one_of(texts_of<LogFormat>())),
      "How log lines look, on standard error.");
  key("drain_s", &ServerConfig::drain, between(0, 3600),
      "How long clients have to leave after SIGTERM; they are told when to come back.");
}

void add_http(Keys& keys) {
  const auto key = [&keys](std::string_view name, auto field, ValueRule rule, auto doc) {
    add(keys, "http", name, &Config::http, field, std::move(rule), doc);
  };
  key("base_path", &HttpConfig::base_path, at_start(checked(check_base_path)),
      "Put in front of every path, e.g. \"/realtime\" where a proxy serves other things beside.");
  key("max_target_bytes", &HttpConfig::max_target_bytes, between(256, kMiB),
      "The longest path and query of a request; longer ones are answered 414.");
  key("max_header_count", &HttpConfig::max_header_count, between(16, 10'000),
      "The most fields in a request's header; more are answered 431.");
  key("max_header_bytes", &HttpConfig::max_header_bytes, between(1024, kMiB),
      "The largest header of a request, all fields together; larger ones are answered 431.");
  key("max_body_bytes", &HttpConfig::max_body_bytes, at_start(between(1024, 256 * kMiB)),
      "The largest body of a request, which may be a batch of publications; else 413.");
  key("header_s", &HttpConfig::header, between(1, 3600),
      "How long a client may take from the first byte of a request to the end of its header.");
  key("body_s", &HttpConfig::body, between(1, 3600),
      "How long a client may take to send a request's body.");
  key("idle_s", &HttpConfig::idle, between(1, kDay),
      "How long a connection may wait for its next request.");
  key("write_s", &HttpConfig::write, at_start(between(1, 3600)),
      "How long a client may read nothing of what waits for it, on every transport.");
  key("h2c", &HttpConfig::h2c, at_start(one_of(texts_of<H2c>())),
      "\"on\": HTTP/2 is spoken without TLS as well, with clients and proxies that begin with it\n"
      "(\"prior knowledge\"). With TLS it always is, where the client offers it.");
}

void add_access(Keys& keys) {
  const auto key = [&keys](std::string_view name, auto field, auto doc) {
    add(keys, kAccessSection, name, &Config::access, field, checked(check_access(field)), doc);
  };
  key("anonymous", &access::PolicyText::anonymous,
      "What clients without a token may do, wherever they are: any of \"subscribe\", \"publish\",\n"
      "\"history\" (reading what was published before), \"ephemeral\".");
  key("hosts", &access::PolicyText::hosts,
      "Names this server is reached by, e.g. \"example.com\", \"*.example.com\" (all below it), "
      "or\n"
      "\"*\" (any). IP addresses, localhost and *.localhost always are. Requests for another name\n"
      "are refused, so that no page can reach this server by pointing its own name here.");
  key("origins", &access::PolicyText::origins,
      "Pages of other origins that may use this server, e.g. \"https://app.example.com\",\n"
      "\"https://*.example.com\", \"null\", or \"*\" (every page, without cookies).");
  key("trusted_proxies", &access::PolicyText::trusted_proxies,
      "Proxies whose word on the client's address, scheme and host counts (Forwarded,\n"
      "X-Forwarded-For, -Proto, -Host): addresses or blocks, e.g. \"127.0.0.1\", \"10.0.0.0/8\",\n"
      "\"fd00::/8\", or \"unix:\" for whoever comes over a Unix socket. From all others these "
      "fields\n"
      "are ignored. Whoever is listed here never counts as a local client.");
}

void add_tokens(Keys& keys) {
  const auto key = [&keys](std::string_view name, auto field, ValueRule rule, auto doc) {
    add(keys, kAccessSection, name, &Config::tokens, field, std::move(rule), doc);
  };
  key("token_secret", &TokenConfig::secret, secret(checked(check_secret)),
      "Your back end signs tokens (JWT) with this secret by HS256, HS384 or HS512: at least 32\n"
      "characters. Empty: tokens of that kind do not count.");
  key("token_keys", &TokenConfig::keys, checked(check_token_keys),
      "The public keys of whoever signs tokens: a file with a JWK Set, or its URL,\n"
      "\"http://127.0.0.1:3000/keys.json\". Its keys are for RS256, PS256, ES256, EdDSA, or "
      "HS256.\n"
      "SIGHUP reads it again.");
  key("token_keys_refresh_s", &TokenConfig::keys_refresh, between(1, kDay),
      "How long keys that come from a URL are used before they are fetched again. A token that\n"
      "names a key which is not known has them fetched at once, but not within 30 seconds again.");
  key("token_issuer", &TokenConfig::issuer, anything(),
      "What `iss` of every token must be. Empty: anything.");
  key("token_audience", &TokenConfig::audience, anything(),
      "What `aud` of every token must be or have. Empty: tokens with an `aud` are for somebody\n"
      "else, and refused.");
  key("token_leeway_s", &TokenConfig::leeway, between(0, 300),
      "By how much the clocks of back end and server may differ.");
}

void add_connect(Keys& keys) {
  const auto key = [&keys](std::string_view name, auto field, ValueRule rule, auto doc) {
    add(keys, kAccessSection, name, &Config::connect, field, std::move(rule), doc);
  };
  key("connect_url", &ConnectConfig::url, at_start(checked(check_call_url)),
      "Asks your back end who a client without a token is, and what it may do, whenever one\n"
      "connects (docs/tokens.md): \"http://127.0.0.1:3000/connect\" or\n"
      "\"unix:/run/app.sock:/connect\". Without an answer nobody is let in. Empty: it is not "
      "asked.");
  key("connect_headers", &ConnectConfig::headers, at_start(checked(check_connect_headers)),
      "Headers of the client's request that are passed on with the question, e.g. "
      "\"Authorization\",\n"
      "\"User-Agent\". Cookies always are, from pages of this server's own origin and of [access]\n"
      "origins (not of \"*\").");
  key("connect_timeout_ms", &ConnectConfig::timeout, at_start(between(50, 60'000)),
      "How long your back end may take to answer.");
}

void add_compression(Keys& keys) {
  const auto key = [&keys](std::string_view name, auto field, ValueRule rule, auto doc) {
    add(keys, "websocket", name, &Config::websocket, field, std::move(rule), doc);
  };
  key("compression", &WebSocketConfig::compression, one_of(texts_of<Compression>()),
      "Whether messages are compressed for clients that offer it (permessage-deflate). It costs\n"
      "processor time; and where a secret and what a stranger wrote are in one message, or in one\n"
      "context, the compressed length tells of the secret.");
  key("compression_min_bytes", &WebSocketConfig::compression_min_bytes, between(0, kMiB),
      "Smaller messages are sent as they are.");
  key("compression_level", &WebSocketConfig::compression_level, between(1, 9),
      "From 1, fast, to 9, small. What is sent to many is compressed once.");
  key("compression_window_bits", &WebSocketConfig::compression_window_bits, between(9, 15),
      "How far back compression looks, in either direction: 2 to the power of this, in bytes.");
  key("compression_context", &WebSocketConfig::compression_context,
      one_of(texts_of<ContextTakeover>()),
      "Whose messages may refer to earlier ones of the same connection, which makes small ones\n"
      "smaller. Each connection then holds memory of its own: up to 256 KiB for \"server\", until\n"
      "the client has been silent for ping_s; 40 KiB for \"client\", as long as it is open. What "
      "is\n"
      "sent to many never refers to anything.");
}

void add_transports(Keys& keys) {
  add(keys, "websocket", "max_message_bytes", &Config::websocket,
      &WebSocketConfig::max_message_bytes, between(1024, 256 * kMiB),
      "The largest message of a client, all fragments together; a larger one ends the connection.");
  add(keys, "websocket", "max_outbox_bytes", &Config::websocket, &WebSocketConfig::max_outbox_bytes,
      between(16 * 1024, 1024 * kMiB),
      "The most that may wait for one client to read; the namespace's `outbox` says what then.");
  add(keys, "websocket", "ping_s", &Config::websocket, &WebSocketConfig::ping, between(1, kDay),
      "A client that has been silent for this long is sent a ping.");
  add(keys, "websocket", "pong_s", &Config::websocket, &WebSocketConfig::pong, between(1, 3600),
      "How long it may take to answer.");
  add_compression(keys);
  add(keys, "sse", "heartbeat_s", &Config::sse, &SseConfig::heartbeat, between(1, 3600),
      "A comment is sent this often, so that proxies keep the stream open.");
  add(keys, "sse", "retry_ms", &Config::sse, &SseConfig::retry, between(1, 3'600'000),
      "How long clients should wait before they come back after a cut.");
  add(keys, "sse", "max_outbox_bytes", &Config::sse, &SseConfig::max_outbox_bytes,
      between(16 * 1024, 1024 * kMiB),
      "The most that may wait for one client to read; the namespace's `outbox` says what then.");
  add(keys, "longpoll", "default_s", &Config::longpoll, &LongPollConfig::default_wait,
      between(1, 3600), "How long a long poll waits where the client does not say.");
  add(keys, "longpoll", "max_s", &Config::longpoll, &LongPollConfig::max_wait, between(1, 3600),
      "The longest wait a client can ask for.");
}

void add_history(Keys& keys) {
  const auto key = [&keys](std::string_view name, auto field, ValueRule rule, auto doc) {
    add(keys, "history", name, &Config::history, field, std::move(rule), doc);
  };
  key("count", &HistoryConfig::count, between(0, 10'000'000),
      "How many publications a channel keeps. 0: none.");
  key("age_s", &HistoryConfig::age, between(1, 3650 * kDay), "How long it keeps them.");
  key("bytes", &HistoryConfig::bytes, between(0, 1024 * 1024 * kMiB),
      "How many bytes of them it keeps.");
  key("total_bytes", &HistoryConfig::total_bytes, at_start(between(kMiB, 1024 * 1024 * kMiB)),
      "What all channels may keep together; beyond, those not used for the longest time lose\n"
      "their oldest publications first.");
  key("durability", &HistoryConfig::durability, at_start(one_of(texts_of<Durability>())),
      "What outlives the process, in data_dir:\n"
      "\"none\": nothing; readers who come back are told a gap;\n"
      "\"snapshot\": everything after SIGTERM, nothing after another end;\n"
      "\"log\": everything that was acknowledged, however the process ends.");
  key("fsync", &HistoryConfig::fsync, at_start(one_of(texts_of<Fsync>())),
      "When the log is forced onto the disk, which matters where the whole machine stops:\n"
      "\"always\": before a publication is acknowledged;\n"
      "\"interval\": every fsync_interval_ms;\n"
      "\"never\": when the kernel sees fit.\n"
      "Where something may be lost, readers are told a gap.");
  key("fsync_interval_ms", &HistoryConfig::fsync_interval, at_start(between(1, 3'600'000)),
      "How much of the log may be lost with \"interval\".");
  key("log_bytes", &HistoryConfig::log_bytes, at_start(between(64 * 1024, 1024 * 1024 * kMiB)),
      "The log is compacted when it is so large. At four times as much, when that fails,\n"
      "publications are refused.");
}

void add_channels(Keys& keys) {
  const auto key = [&keys](std::string_view name, auto field, ValueRule rule, auto doc) {
    add(keys, "channels", name, &Config::channels, field, std::move(rule), doc);
  };
  key("live_count", &ChannelsConfig::live_count, at_start(between(1, 100'000'000)),
      "The most channels that have a history or somebody listening.");
  key("metadata_count", &ChannelsConfig::metadata_count, at_start(between(0, 1'000'000'000)),
      "Channels beyond these of which only the last position is remembered, so that readers who\n"
      "come back lose nothing unnoticed. The oldest are forgotten first.");
  key("metadata_days", &ChannelsConfig::metadata_age, at_start(between(1, 3650)),
      "How long that is remembered.");
  key("subscriptions_per_session", &ChannelsConfig::subscriptions_per_session,
      between(1, 1'000'000), "The most channels that one client may listen to at a time.");
  key("presence_lease_s", &ChannelsConfig::presence_lease, between(3, 3600),
      "How long a client that has vanished still counts as being in its channels, and how long\n"
      "one that polls counts after each poll.");
  key("flush_interval_ms", &ChannelsConfig::flush_interval, between(0, 10),
      "How long publications of a busy channel wait for others, so that more of them leave in one\n"
      "write; where that brings none together, and in quiet channels, they do not wait. 0: never.");
}

void add_rates(Keys& keys) {
  const auto key = [&keys](std::string_view name, std::size_t LimitsConfig::* field, auto doc) {
    add(keys, "limits", name, &Config::limits, field, between(0, 1'000'000'000), doc);
  };
  key("messages_per_s", &LimitsConfig::messages_per_s,
      "What one client may send in a second, in the long run: a WebSocket, or over HTTP a user or\n"
      "else an address. Here and below, 0 is any number, and what is over it is refused\n"
      "(`rate_limited`) with the time to wait. Back ends with an API key are not limited.");
  key("bytes_per_s", &LimitsConfig::bytes_per_s, "The same in octets.");
  key("subscribes_per_s", &LimitsConfig::subscribes_per_s,
      "The same for subscribing; as many as a session may have are free at first.");
  key("history_reads_per_s", &LimitsConfig::history_reads_per_s,
      "The same for reading what was published before.");
  key("presence_updates_per_s", &LimitsConfig::presence_updates_per_s,
      "The same for changing what others see of a client.");
  key("signals_per_s", &LimitsConfig::signals_per_s,
      "The same for signals to another client: a call begins with dozens of them.");
  key("user_messages_per_s", &LimitsConfig::user_messages_per_s,
      "What one user may publish in a second, over all connections.");
  key("user_bytes_per_s", &LimitsConfig::user_bytes_per_s, "The same in octets.");
  key("user_connects_per_s", &LimitsConfig::user_connects_per_s,
      "How often one user may open a WebSocket or an event stream.");
  key("user_connections", &LimitsConfig::user_connections,
      "How many of them, and of waiting long polls, one user may have.");
  key("address_requests_per_s", &LimitsConfig::address_requests_per_s,
      "HTTP requests of one address (of IPv6, its first 64 bits) in a second.");
  key("address_connects_per_s", &LimitsConfig::address_connects_per_s,
      "How often one address may connect.");
  key("address_connections", &LimitsConfig::address_connections,
      "How many connections one address may have; more are turned away.");
  key("connects_per_s", &LimitsConfig::connects_per_s, "How often all together may connect.");
  add(keys, "limits", "burst_s", &Config::limits, &LimitsConfig::burst, between(1, 3600),
      "For how many seconds' worth of a rate may come at once, after a rest.");
  key("breaches", &LimitsConfig::breaches,
      "A client that is refused more often than this, or than once a second for long, is cut.");
  add(keys, "limits", "exempt", &Config::limits, &LimitsConfig::exempt, checked(check_addresses),
      "Addresses and blocks whose clients are limited in nothing but what is a channel's; "
      "\"unix:\"\n"
      "for Unix sockets. What came through a proxy counts as the client's, if the proxy is one of\n"
      "[access] trusted_proxies.");
}

void add_rest(Keys& keys) {
  add(keys, "limits", "connections", &Config::limits, &LimitsConfig::connections,
      between(0, 100'000'000),
      "The most open connections; further ones are turned away. 0: as many as the limit on open\n"
      "files leaves room for.");
  add(keys, "limits", "publication_bytes", &Config::limits, &LimitsConfig::publication_bytes,
      between(128, 256 * kMiB), "The largest data of one publication, on every transport.");
  add_rates(keys);
  add(keys, "pages", "lab", &Config::pages, &PagesConfig::lab,
      at_start(one_of(texts_of<LabHooks>())),
      "\"on\" lets visitors of /lab see how many octets their own connections carry, have their\n"
      "requests delayed or refused, and cut their connections (carillon serve --lab).");
  add(keys, "pages", "demo", &Config::pages, &PagesConfig::demo,
      at_start(one_of(texts_of<DemoData>())),
      "\"on\" publishes made-up prices, scores, readings and posts for /demos, in channels whose\n"
      "names begin with \"demo-\" (carillon serve --demo).");
  add(keys, "admin", "listen", &Config::admin, &AdminConfig::listen,
      at_start(checked(check_listen)),
      "More addresses to listen on, where /metrics and /readyz answer to everybody who can reach\n"
      "them. Elsewhere they answer to clients on this machine only.");
}

Keys make_keys() {
  Keys keys;
  add_server(keys);
  add_http(keys);
  add_access(keys);
  add_tokens(keys);
  add_connect(keys);
  add_transports(keys);
  add_socketio_keys(keys);
  add_history(keys);
  add_channels(keys);
  add_tls_keys(keys);
  add_turn_keys(keys);
  add_rtc_keys(keys);
  add_rest(keys);
  return keys;
}

}  // namespace

template <>
std::vector<std::string> texts_of<LogFormat>() {
  return {"text", "json"};
}

template <>
std::vector<std::string> texts_of<IoBackend>() {
  return {"auto", "uring", "epoll"};
}

template <>
std::vector<std::string> texts_of<OutboxPolicy>() {
  return {"disconnect", "drop_oldest", "conflate"};
}

template <>
std::vector<std::string> texts_of<H2c>() {
  return {"off", "on"};
}

template <>
std::vector<std::string> texts_of<Compression>() {
  return {"off", "on"};
}

template <>
std::vector<std::string> texts_of<ContextTakeover>() {
  return {"none", "server", "client", "both"};
}

template <>
std::vector<std::string> texts_of<Durability>() {
  return {"none", "snapshot", "log"};
}

template <>
std::vector<std::string> texts_of<Fsync>() {
  return {"always", "interval", "never"};
}

template <>
std::vector<std::string> texts_of<LabHooks>() {
  return {"off", "on"};
}

template <>
std::vector<std::string> texts_of<DemoData>() {
  return {"off", "on"};
}

std::span<const ConfigSection> config_sections() {
  return kSections;
}

const std::vector<ConfigKey<Config>>& config_keys() {
  static const Keys keys = make_keys();
  return keys;
}

std::string expectation(const ValueRule& rule, ValueKind kind) {
  switch (kind) {
    case ValueKind::Integer:
      return "must be an integer from " + std::to_string(rule.least) + " to " +
             std::to_string(rule.most);
    case ValueKind::TextList:
      return "must be a list of strings, e.g. [\"a\", \"b\"]";
    case ValueKind::Text:
      break;
  }
  if (rule.choices.empty()) return "must be a string";
  std::string text = "must be one of ";
  for (const std::string& choice : rule.choices) {
    if (choice != rule.choices.front()) text += ", ";
    text += '"' + choice + '"';
  }
  return text;
}

std::vector<std::string> problems_of(const ValueRule& rule, ValueKind kind,
                                     const ConfigValue& value) {
  if (kind_of(value) != kind) return {expectation(rule, kind)};
  if (const auto* integer = std::get_if<std::int64_t>(&value)) {
    if (*integer < rule.least || *integer > rule.most) {
      return {expectation(rule, kind) + ", not " + std::to_string(*integer)};
    }
  }
  const auto* text = std::get_if<std::string>(&value);
  if (text != nullptr && !rule.choices.empty() &&
      std::find(rule.choices.begin(), rule.choices.end(), *text) == rule.choices.end()) {
    return {expectation(rule, kind) + ", not " + access::in_quotes(*text)};
  }
  return rule.check ? rule.check(value) : std::vector<std::string>{};
}

}  // namespace carillon::server
