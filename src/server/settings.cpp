#include "server/settings.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "core/check.hpp"
#include "core/log.hpp"
#include "net/io_choice.hpp"
#include "protocol/native/channel_name.hpp"
#include "server/event_names.hpp"
#include "server/schema_files.hpp"
#include "server/token_keys.hpp"

namespace carillon::server {
namespace {

hub::OutboxPolicy outbox_policy(OutboxPolicy policy) {
  switch (policy) {
    case OutboxPolicy::Disconnect:
      return hub::OutboxPolicy::Disconnect;
    case OutboxPolicy::DropOldest:
      return hub::OutboxPolicy::DropOldest;
    case OutboxPolicy::Conflate:
      return hub::OutboxPolicy::Conflate;
  }
  return hub::OutboxPolicy::Disconnect;
}

net::IoChoice io_choice(IoBackend backend) {
  switch (backend) {
    case IoBackend::Auto:
      return net::IoChoice::Auto;
    case IoBackend::Uring:
      return net::IoChoice::Uring;
    case IoBackend::Epoll:
      return net::IoChoice::Epoll;
  }
  return net::IoChoice::Auto;
}

cluster::durable::Durability durability_of(Durability durability) {
  switch (durability) {
    case Durability::None:
      return cluster::durable::Durability::None;
    case Durability::Snapshot:
      return cluster::durable::Durability::Snapshot;
    case Durability::Log:
      return cluster::durable::Durability::Log;
  }
  return cluster::durable::Durability::None;
}

cluster::durable::SyncPolicy sync_policy(Fsync fsync) {
  switch (fsync) {
    case Fsync::Always:
      return cluster::durable::SyncPolicy::Always;
    case Fsync::Interval:
      return cluster::durable::SyncPolicy::Interval;
    case Fsync::Never:
      return cluster::durable::SyncPolicy::Never;
  }
  return cluster::durable::SyncPolicy::Always;
}

access::Policy checked_policy(const access::PolicyText& text) {
  auto policy = access::make_policy(text);
  CARILLON_CHECK(policy.has_value());
  return std::move(*policy);
}

access::AudienceTable audiences(const Config& config) {
  access::AudienceTable table;
  for (const auto& [name, settings] : config.namespaces) {
    access::Audiences& audiences = table[name];
    audiences.set(access::Action::Subscribe, settings.allow_subscribe);
    audiences.set(access::Action::Publish, settings.allow_publish);
    audiences.set(access::Action::History, settings.allow_history);
    audiences.set(access::Action::Ephemeral, settings.allow_ephemeral);
    audiences.set(access::Action::Presence, settings.allow_presence);
  }
  return table;
}

access::ActionSet scopes_of(const ApiKeyConfig& config) {
  access::ActionSet scopes;
  for (const std::string& word : config.scopes) {
    if (word == "*") return access::ActionSet::every_scope();
    scopes.add(*access::parse_scope(word));
    if (word == "publish") scopes.add(access::Action::Ephemeral);
  }
  return scopes;
}

std::shared_ptr<const access::ApiKeys> api_keys(const Config& config) {
  if (config.api_keys.empty()) return nullptr;
  auto keys = std::make_shared<access::ApiKeys>();
  for (const auto& [name, settings] : config.api_keys) {
    access::ApiKey key{.name = name, .scopes = scopes_of(settings), .grants = {}};
    for (const std::string& pattern : settings.channels) {
      CARILLON_CHECK(key.grants.add(pattern, key.scopes));
    }
    keys->add(settings.secret, std::move(key));
  }
  return keys;
}

access::Rate rate_of(std::size_t per_second, const Config& config, std::size_t least_burst = 1) {
  const auto rate = static_cast<std::int64_t>(per_second);
  const std::int64_t burst = rate * config.limits.burst.count();
  return {.per_second = rate, .burst = std::max(burst, static_cast<std::int64_t>(least_burst))};
}

transport::LimitSettings limit_settings(const Config& config) {
  using transport::Limit;
  const LimitsConfig& limits = config.limits;
  transport::LimitSettings settings;
  const auto set = [&](Limit limit, std::size_t per_second, std::size_t least_burst = 1) {
    settings.rates[static_cast<std::size_t>(limit)] = rate_of(per_second, config, least_burst);
  };
  set(Limit::Messages, limits.messages_per_s);
  set(Limit::Bytes, limits.bytes_per_s);
  set(Limit::Subscribes, limits.subscribes_per_s, config.channels.subscriptions_per_session);
  set(Limit::HistoryReads, limits.history_reads_per_s);
  set(Limit::PresenceUpdates, limits.presence_updates_per_s);
  set(Limit::Signals, limits.signals_per_s);
  set(Limit::AddressRequests, limits.address_requests_per_s);
  set(Limit::AddressConnects, limits.address_connects_per_s);
  set(Limit::UserMessages, limits.user_messages_per_s);
  set(Limit::UserBytes, limits.user_bytes_per_s);
  set(Limit::UserConnects, limits.user_connects_per_s);
  set(Limit::Connects, limits.connects_per_s);
  if (limits.breaches > 0) {
    settings.rates[static_cast<std::size_t>(Limit::Breaches)] = {
        .per_second = 1, .burst = static_cast<std::int64_t>(limits.breaches)};
  }
  settings.address_connections = limits.address_connections;
  settings.user_connections = limits.user_connections;
  for (const std::string& text : limits.exempt) CARILLON_CHECK(settings.exempt.add(text));
  for (const auto& [name, space] : config.namespaces) {
    settings.namespaces[name] = {.messages = rate_of(space.channel_messages_per_s, config),
                                 .bytes = rate_of(space.channel_bytes_per_s, config),
                                 .publication_bytes = space.publication_bytes};
  }
  return settings;
}

transport::HttpSettings http_settings(const HttpConfig& config) {
  return {.limits = {.target_bytes = config.max_target_bytes,
                     .field_count = config.max_header_count,
                     .header_bytes = config.max_header_bytes},
          .body_bytes = config.max_body_bytes,
          .header_time = config.header,
          .body_time = config.body,
          .idle_time = config.idle,
          .base_path = config.base_path};
}

transport::CompressionSettings compression_settings(const Config& config) {
  const WebSocketConfig& websocket = config.websocket;
  const auto context = [&](ContextTakeover side) {
    const ContextTakeover who = websocket.compression_context;
    return who == side || who == ContextTakeover::Both ? websocket::Context::TakenOver
                                                       : websocket::Context::Fresh;
  };
  transport::CompressionSettings settings{.policy = std::nullopt,
                                          .level = static_cast<int>(websocket.compression_level),
                                          .least_bytes = websocket.compression_min_bytes,
                                          .plain_namespaces = {}};
  if (websocket.compression == Compression::On) {
    settings.policy = websocket::DeflatePolicy{
        .server_context = context(ContextTakeover::Server),
        .client_context = context(ContextTakeover::Client),
        .window_bits = static_cast<std::uint8_t>(websocket.compression_window_bits)};
  }
  for (const auto& [name, space] : config.namespaces) {
    if (space.websocket_compression == Compression::Off) settings.plain_namespaces.insert(name);
  }
  return settings;
}

transport::SocketIoSettings socketio_settings(const SocketIoConfig& config) {
  auto events = parse_event_names(config.event_names);
  CARILLON_CHECK(events.has_value());
  return {.path = config.path,
          .ping_interval = config.ping_interval,
          .ping_timeout = config.ping_timeout,
          .upgrade_time = config.upgrade,
          .connect_time = config.connect,
          .max_payload_bytes = config.max_payload_bytes,
          .outbox_bytes = config.max_outbox_bytes,
          .allow_eio3 = config.allow_eio3 == Eio3::On,
          .cookie = config.cookie,
          .events = *std::move(events)};
}

/// The secret is that of the relays which clients are sent to.
transport::RtcSettings rtc_settings(const Config& config) {
  const RtcConfig& rtc = config.rtc;
  return {.host = rtc.host,
          .outer_ips = config.turn.external_ip,
          .stun_urls = rtc.stun_urls,
          .turn_urls = rtc.turn_urls,
          .secret = rtc.turn_urls.empty() ? config.turn.secret : rtc.turn_secret,
          .credential_time = rtc.credential,
          .relay_only = rtc.policy == IceTransportPolicy::Relay};
}

/// Where a file cannot be read any more, nothing fits its namespace, and the log says why.
transport::Schemas schemas_of(const Config& config) {
  transport::Schemas schemas;
  for (const auto& [name, settings] : config.namespaces) {
    if (settings.schema.empty()) continue;
    auto schema = read_schema(settings.schema);
    if (!schema) {
      log::error("[namespace.{}] schema {}; what is published there is refused", name,
                 schema.error());
      schema = json_schema::Schema::refuse_all("the server cannot read it");
    }
    schemas.emplace(name, *std::move(schema));
  }
  return schemas;
}

/// What is signalled to a client waits for it as long as it may be on its way back.
hub::NamespaceSettings signal_settings() {
  return {
      .history_count = 100, .history_age = std::chrono::seconds(30), .history_bytes = 1024 * 1024};
}

}  // namespace

net::ReactorOptions reactor_options(const Config& config) {
  return {.write_time_limit = config.http.write,
          .make_io_batch = net::io_batch_factory(io_choice(config.server.io))};
}

access::Permissions access_permissions(const Config& config) {
  access::Permissions permissions = checked_policy(config.access).permissions;
  permissions.namespaces = audiences(config);
  return permissions;
}

transport::Settings transport_settings(const Config& config, std::string secret,
                                       const access::KeyRing& fetched_keys) {
  transport::Settings settings;
  settings.message_bytes = config.limits.publication_bytes;
  settings.http = http_settings(config.http);
  settings.http.hsts = config.tls.hsts;
  settings.websocket.message_bytes = config.websocket.max_message_bytes;
  settings.websocket.outbox_bytes = config.websocket.max_outbox_bytes;
  settings.websocket.keepalive = {.ping_interval = config.websocket.ping,
                                  .pong_timeout = config.websocket.pong};
  settings.websocket.compression = compression_settings(config);
  settings.stream.outbox_bytes = config.sse.max_outbox_bytes;
  settings.stream.heartbeat = config.sse.heartbeat;
  settings.stream.retry = config.sse.retry;
  settings.stream.poll_default = config.longpoll.default_wait;
  settings.stream.poll_longest = config.longpoll.max_wait;
  settings.socketio = socketio_settings(config.socketio);
  settings.session.secret = std::move(secret);
  settings.session.subscriptions = config.channels.subscriptions_per_session;
  settings.presence.lease = config.channels.presence_lease;
  settings.connect = {.url = config.connect.url,
                      .headers = config.connect.headers,
                      .time_limit = config.connect.timeout};
  settings.rtc = rtc_settings(config);
  settings.policy = checked_policy(config.access);
  settings.policy.permissions = access_permissions(config);
  settings.limits = limit_settings(config);
  settings.policy.credentials.tokens = token_rules(config.tokens, fetched_keys);
  settings.policy.credentials.api_keys = api_keys(config);
  settings.schemas = schemas_of(config);
  return settings;
}

transport::Settings admin_settings(const transport::Settings& settings) {
  transport::Settings admin = settings;
  admin.http.base_path.clear();
  admin.connect = {};
  admin.policy = checked_policy({.stance = access::Stance::Configured,
                                 .anonymous = {},
                                 .hosts = {"*"},
                                 .origins = {},
                                 .trusted_proxies = {}});
  return admin;
}

transport::Settings redirect_settings(const transport::Settings& settings,
                                      const TlsConfig& config) {
  transport::Settings redirect = settings;
  redirect.http.redirect_port = static_cast<std::uint16_t>(config.redirect_port);
  return redirect;
}

LiveSettings live_settings(const Config& config, const std::string& secret,
                           const access::KeyRing& fetched_keys) {
  LiveSettings live{
      .transport = transport_settings(config, secret, fetched_keys),
      .admin = {},
      .redirect = {},
      .namespaces = std::make_shared<const hub::NamespaceTable>(namespace_table(config))};
  live.admin = admin_settings(live.transport);
  live.redirect = redirect_settings(live.transport, config.tls);
  return live;
}

hub::NamespaceTable namespace_table(const Config& config) {
  const hub::NamespaceSettings fallback{.history_count = config.history.count,
                                        .history_age = config.history.age,
                                        .history_bytes = config.history.bytes,
                                        .flush_interval = config.channels.flush_interval};
  hub::NamespaceTable::Named named;
  for (const auto& [name, settings] : config.namespaces) {
    named.emplace(name, hub::NamespaceSettings{.history_count = settings.history_count,
                                               .history_age = settings.history_age,
                                               .history_bytes = settings.history_bytes,
                                               .outbox_policy = outbox_policy(settings.outbox),
                                               .flush_interval = settings.flush_interval,
                                               .presence = settings.presence == Presence::On,
                                               .presence_members = settings.presence_members});
  }
  hub::NamespaceSettings call = fallback;
  call.presence = true;
  named.emplace(kCallNamespace, call);  // unless it has a section
  named.insert_or_assign(std::string(native::kClientNamespace), signal_settings());
  named.insert_or_assign(std::string(transport::kInternalNamespace),
                         hub::NamespaceSettings{.history_count = 0});
  return hub::NamespaceTable(fallback, std::move(named));
}

cluster::BudgetLimits budget_limits(const Config& config) {
  return {.history_bytes = config.history.total_bytes,
          .live_channels = config.channels.live_count,
          .remembered_channels = config.channels.metadata_count,
          .remembered_time = config.channels.metadata_age};
}

cluster::durable::KeeperSettings keeper_settings(
    const Config& config, std::shared_ptr<const hub::NamespaceTable> namespaces,
    std::size_t home_count) {
  const HistoryConfig& history = config.history;
  return {
      .durability = durability_of(history.durability),
      .data_directory = config.server.data_dir,
      .sync = sync_policy(history.fsync),
      .sync_interval = history.fsync_interval,
      .log_bytes = history.log_bytes,
      .bounds = {.namespaces = std::move(namespaces), .limits = budget_limits(config), .calls = {}},
      .home_count = home_count};
}

}  // namespace carillon::server
