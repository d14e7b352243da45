#include "server/config_draft.hpp"

#include <algorithm>
#include <iterator>
#include <tuple>

#include "access/decision.hpp"
#include "server/config_keys.hpp"
#include "server/config_keys_rtc.hpp"
#include "server/config_keys_turn.hpp"
#include "server/config_listen.hpp"
#include "server/tls_files.hpp"

namespace carillon::server {
namespace {

std::string name_of(std::string_view section, std::string_view key) {
  return "[" + std::string(section) + "] " + std::string(key);
}

/// `carillon.toml:3`, or the variable or flag.
std::string to_text(const Place& place) {
  return place.line == 0 ? place.source : place.source + ':' + std::to_string(place.line);
}

std::string label(std::string_view section, std::string_view name) {
  return name_of(section, name) + " ";
}

}  // namespace

void ConfigDraft::note(const Place& place, std::string message) {
  problems_.push_back({.source = place.source,
                       .line = place.line,
                       .column = place.column,
                       .message = std::move(message)});
}

void ConfigDraft::sort_notes(std::size_t first) {
  const auto begin = problems_.begin() + static_cast<std::ptrdiff_t>(first);
  std::stable_sort(begin, problems_.end(), [](const auto& left, const auto& right) {
    return std::tie(left.line, left.column) < std::tie(right.line, right.column);
  });
}

void ConfigDraft::set(const ConfigKey<Config>& key, const ConfigValue& value, const Place& place) {
  const auto problems = problems_of(key.rule, key.kind(), value);
  for (const std::string& problem : problems) note(place, label(key.section, key.name) + problem);
  if (!problems.empty()) return;
  key.set(config_, value);
  config_.written_at[name_of(key.section, key.name)] = to_text(place);
}

template <class Target>
void ConfigDraft::set(const std::string& name, const ConfigKey<Target>& key,
                      const ConfigValue& value, const Place& place) {
  const auto problems = problems_of(key.rule, key.kind(), value);
  const std::string section = std::string(named_section<Target>().section) + "." + name;
  for (const std::string& problem : problems) note(place, label(section, key.name) + problem);
  if (!problems.empty()) return;
  values<Target>()[name].emplace_back(&key, value);
  config_.written_at[name_of(section, key.name)] = to_text(place);
}

template <class Target>
bool ConfigDraft::open(const std::string& name, const Place& place) {
  const NamedSection<Target>& section = named_section<Target>();
  if (section.is_name(name)) {
    values<Target>().try_emplace(name);
    return true;
  }
  note(place, access::in_quotes(name) + " " + std::string(section.name_rule));
  return false;
}

template void ConfigDraft::set(const std::string&, const ConfigKey<NamespaceConfig>&,
                               const ConfigValue&, const Place&);
template void ConfigDraft::set(const std::string&, const ConfigKey<ApiKeyConfig>&,
                               const ConfigValue&, const Place&);
template bool ConfigDraft::open<NamespaceConfig>(const std::string&, const Place&);
template bool ConfigDraft::open<ApiKeyConfig>(const std::string&, const Place&);

template <class Target>
void ConfigDraft::fill(const Target& start) {
  for (const auto& [name, values] : values<Target>()) {
    Target settings = start;
    if constexpr (std::is_same_v<Target, NamespaceConfig>) {
      if (name == kCallNamespace) settings.presence = Presence::On;
    }
    for (const auto& [key, value] : values) key->set(settings, value);
    (config_.*named_section<Target>().table)[name] = std::move(settings);
  }
}

NamespaceConfig ConfigDraft::plain_namespace() const {
  return {.history_count = config_.history.count,
          .history_age = config_.history.age,
          .history_bytes = config_.history.bytes,
          .publication_bytes = config_.limits.publication_bytes,
          .flush_interval = config_.channels.flush_interval};
}

void ConfigDraft::fill_named_sections() {
  fill(plain_namespace());
  fill(ApiKeyConfig{});
}

void ConfigDraft::check_api_keys() {
  std::map<std::string, std::string> names;
  for (const auto& [name, key] : config_.api_keys) {
    if (key.secret.empty()) {
      note({}, "[api_key." + name +
                   "] has no secret; give one of at least 32 random characters, "
                   "e.g. from `openssl rand -hex 32`");
    } else if (const auto [same, is_new] = names.emplace(key.secret, name); !is_new) {
      note({}, "[api_key." + name + "] has the secret of [api_key." + same->second + "]");
    }
  }
}

/// What /demos needs of its channels, where the file does not say otherwise.
void ConfigDraft::add_demo_namespaces() {
  if (config_.pages.demo == DemoData::Off) return;
  const NamespaceConfig start{.publication_bytes = config_.limits.publication_bytes,
                              .outbox = OutboxPolicy::Conflate};
  for (const char* name : {"demo-stocks", "demo-game"}) {
    NamespaceConfig settings = start;
    settings.history_count = 200;
    settings.history_age = std::chrono::seconds(60);
    config_.namespaces.emplace(name, settings);
  }
  NamespaceConfig chat = plain_namespace();
  chat.presence = Presence::On;
  config_.namespaces.emplace("demo-chat", chat);
}

/// `self_signed` is short for TLS everywhere.
void ConfigDraft::secure_addresses() {
  if (config_.tls.self_signed == SelfSigned::Off) return;
  for (auto* list : {&config_.server.listen, &config_.server.proxy_protocol}) {
    for (std::string& listen : *list) {
      const bool says_which = split_listen(listen).address.size() != listen.size();
      if (!says_which && !listen.starts_with("unix:")) listen.insert(0, "https://");
    }
  }
}

void ConfigDraft::check_together() {
  const LongPollConfig& longpoll = config_.longpoll;
  if (longpoll.default_wait > longpoll.max_wait) {
    note({}, "[longpoll] default_s must not be more than max_s, which is " +
                 std::to_string(longpoll.max_wait.count()));
  }
  const std::string total = std::to_string(config_.history.total_bytes);
  if (config_.history.bytes > config_.history.total_bytes) {
    note({}, "[history] bytes must not be more than total_bytes, which is " + total);
  }
  for (const auto& [name, settings] : config_.namespaces) {
    if (settings.history_bytes <= config_.history.total_bytes) continue;
    note({}, "[namespace." + name +
                 "] history_bytes must not be more than [history] total_bytes, which is " + total);
  }
  if (config_.server.listen.empty()) {
    note({}, "[server] listen is empty; give at least one address, e.g. [\"127.0.0.1:8000\"]");
  }
  check_proxy_protocol();
  if (const std::string problem = tls_problem(config_); !problem.empty()) note({}, problem);
  if (const std::string problem = turn_problem(config_.turn); !problem.empty()) note({}, problem);
  if (const std::string problem = rtc_problem(config_); !problem.empty()) note({}, problem);
  if (config_.access.stance == access::Stance::Configured) return;
  for (const auto* list : {&config_.server.listen, &config_.admin.listen}) {
    for (const std::string& listen : *list) {
      if (reach_of_listen(listen).value_or(Reach::Local) == Reach::Local) continue;
      note({}, open_listen_refusal(listen));
      return;  // one is enough to tell what to write
    }
  }
}

void ConfigDraft::check_proxy_protocol() {
  const ServerConfig& server = config_.server;
  for (const std::string& address : server.proxy_protocol) {
    if (std::ranges::find(server.listen, address) != server.listen.end()) continue;
    note({}, "[server] proxy_protocol: " + access::in_quotes(address) +
                 " is none of [server] listen; write the address in both, in the same way");
  }
  if (server.proxy_protocol.empty() || !config_.access.trusted_proxies.empty()) return;
  note({},
       "[server] proxy_protocol needs [access] trusted_proxies: nobody else's word on a "
       "client's address counts; list the proxy, e.g. trusted_proxies = [\"127.0.0.1\"]");
}

Result<Config, std::vector<ConfigProblem>> ConfigDraft::finish() && {
  fill_named_sections();
  add_demo_namespaces();
  secure_addresses();
  check_together();
  check_api_keys();
  if (!problems_.empty()) return std::unexpected(std::move(problems_));
  return std::move(config_);
}

}  // namespace carillon::server
