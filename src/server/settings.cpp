#include "server/settings.hpp"

#include <utility>

#include "core/check.hpp"

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

}  // namespace

transport::Settings transport_settings(const Config& config, std::string secret) {
  transport::Settings settings;
  settings.message_bytes = config.limits.publication_bytes;
  settings.http = http_settings(config.http);
  settings.websocket.message_bytes = config.websocket.max_message_bytes;
  settings.websocket.outbox_bytes = config.websocket.max_outbox_bytes;
  settings.websocket.keepalive = {.ping_interval = config.websocket.ping,
                                  .pong_timeout = config.websocket.pong};
  settings.stream.outbox_bytes = config.sse.max_outbox_bytes;
  settings.stream.heartbeat = config.sse.heartbeat;
  settings.stream.retry = config.sse.retry;
  settings.stream.poll_default = config.longpoll.default_wait;
  settings.stream.poll_longest = config.longpoll.max_wait;
  settings.session.secret = std::move(secret);
  settings.session.subscriptions = config.channels.subscriptions_per_session;
  settings.policy = checked_policy(config.access);
  return settings;
}

transport::Settings admin_settings(const transport::Settings& settings) {
  transport::Settings admin = settings;
  admin.http.base_path.clear();
  admin.policy = checked_policy({.stance = access::Stance::Configured,
                                 .anonymous = {},
                                 .hosts = {"*"},
                                 .origins = {},
                                 .trusted_proxies = {}});
  return admin;
}

LiveSettings live_settings(const Config& config, const std::string& secret) {
  LiveSettings live{
      .transport = transport_settings(config, secret),
      .admin = {},
      .namespaces = std::make_shared<const hub::NamespaceTable>(namespace_table(config))};
  live.admin = admin_settings(live.transport);
  return live;
}

hub::NamespaceTable namespace_table(const Config& config) {
  const hub::NamespaceSettings fallback{.history_count = config.history.count,
                                        .history_age = config.history.age,
                                        .history_bytes = config.history.bytes};
  hub::NamespaceTable::Named named;
  for (const auto& [name, settings] : config.namespaces) {
    named.emplace(name, hub::NamespaceSettings{.history_count = settings.history_count,
                                               .history_age = settings.history_age,
                                               .history_bytes = settings.history_bytes,
                                               .outbox_policy = outbox_policy(settings.outbox)});
  }
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
