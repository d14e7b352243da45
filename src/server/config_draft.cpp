#include "server/config_draft.hpp"

#include <algorithm>
#include <iterator>
#include <tuple>

#include "access/decision.hpp"
#include "server/config_keys.hpp"
#include "server/config_listen.hpp"

namespace carillon::server {
namespace {

constexpr std::size_t kMaxNamespaceBytes = 127;  // of a channel's name, less the colon

/// What may stand in a channel's name, but for the colon.
bool is_namespace_octet(char octet) {
  return (octet >= 'a' && octet <= 'z') || (octet >= 'A' && octet <= 'Z') ||
         (octet >= '0' && octet <= '9') ||
         std::string_view("_./@|+=~!-").find(octet) != std::string_view::npos;
}

bool is_namespace(std::string_view name) {
  return !name.empty() && name.size() <= kMaxNamespaceBytes &&
         std::all_of(name.begin(), name.end(), is_namespace_octet);
}

std::string label(std::string_view section, std::string_view name) {
  return "[" + std::string(section) + "] " + std::string(name) + " ";
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
  if (problems.empty()) key.set(config_, value);
}

void ConfigDraft::set(const std::string& name, const ConfigKey<NamespaceConfig>& key,
                      const ConfigValue& value, const Place& place) {
  const auto problems = problems_of(key.rule, key.kind(), value);
  const std::string section = std::string(kNamespaceSection) + "." + name;
  for (const std::string& problem : problems) note(place, label(section, key.name) + problem);
  if (problems.empty()) namespaces_[name].emplace_back(&key, value);
}

bool ConfigDraft::open_namespace(const std::string& name, const Place& place) {
  if (is_namespace(name)) {
    namespaces_.try_emplace(name);
    return true;
  }
  note(place, access::in_quotes(name) +
                  " is no namespace: it is what stands before the first colon in a channel's name, "
                  "1 to 127 of A-Z a-z 0-9 _ . / @ | + = ~ ! -");
  return false;
}

void ConfigDraft::fill_namespaces() {
  for (const auto& [name, values] : namespaces_) {
    NamespaceConfig settings{.history_count = config_.history.count,
                             .history_age = config_.history.age,
                             .history_bytes = config_.history.bytes,
                             .flush_interval = config_.channels.flush_interval};
    for (const auto& [key, value] : values) key->set(settings, value);
    config_.namespaces[name] = settings;
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
  fill_namespaces();
  check_together();
  if (!problems_.empty()) return std::unexpected(std::move(problems_));
  return std::move(config_);
}

}  // namespace carillon::server
