#include "facade/settings.hpp"

#include <algorithm>
#include <iterator>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include "server/config_keys.hpp"

namespace carillon::facade {
namespace {

/// `access.origins` → `CARILLON_ACCESS_ORIGINS`.
std::string variable_of(const std::string& key) {
  std::string name = "CARILLON_" + key;
  for (char& octet : name) {
    if (octet == '.') octet = '_';
    if (octet >= 'a' && octet <= 'z') octet = static_cast<char>(octet - 'a' + 'A');
  }
  return name;
}

/// `section.key`, or `namespace.NAME.key`.
bool is_setting(std::string_view name) {
  const std::size_t last = name.rfind('.');
  if (last == std::string_view::npos) return false;
  const std::string_view section = name.substr(0, last);
  const std::string_view key = name.substr(last + 1);
  if (section.starts_with("namespace.")) {
    return std::ranges::any_of(server::namespace_keys(),
                               [&](const auto& each) { return each.name == key; });
  }
  return std::ranges::any_of(server::config_keys(), [&](const auto& each) {
    return each.section == section && each.name == key;
  });
}

server::ConfigSources sources_of(const ServerOptions& options) {
  server::ConfigSources sources;
  if (!options.config_file.empty()) sources.file = options.config_file;
  // A program that does not say so leaves no files behind, and has Socket.IO to itself.
  if (options.config_file.empty()) {
    sources.environment.emplace_back("CARILLON_HISTORY_DURABILITY", "none");
    sources.environment.emplace_back("CARILLON_SOCKETIO_PATH", "");
  }
  std::ranges::move(server::carillon_environment(), std::back_inserter(sources.environment));
  for (const auto& [key, value] : options.settings) {
    if (is_setting(key)) sources.environment.emplace_back(variable_of(key), value);
  }
  if (!options.listen.empty()) sources.flags.listen = options.listen;
  if (!options.certificate.empty()) sources.flags.tls_certificates = {options.certificate};
  if (!options.key.empty()) sources.flags.tls_keys = {options.key};
  if (options.access.verify_token || options.access.decide) {
    sources.stance = access::Stance::Configured;
  }
  return sources;
}

/// As a variable, a name that is no setting could be one of somebody else's, and be passed over.
std::vector<server::ConfigProblem> unknown_names(const ServerOptions& options) {
  std::vector<server::ConfigProblem> problems;
  for (const auto& [name, value] : options.settings) {
    if (is_setting(name)) continue;
    problems.push_back({.source = "settings", .message = "there is no setting '" + name + "'"});
  }
  return problems;
}

}  // namespace

void check_time(std::chrono::seconds time, std::chrono::seconds least, const std::string& name) {
  if (time >= least && time <= kLongestTime) return;
  throw std::invalid_argument(name + " must be from " + std::to_string(least.count()) +
                              " seconds to 10 years");
}

Result<server::Config, std::vector<server::ConfigProblem>> load_settings(
    const ServerOptions& options) {
  auto loaded = server::load_config(sources_of(options));
  auto problems = unknown_names(options);
  if (!loaded) std::ranges::move(loaded.error(), std::back_inserter(problems));
  if (!problems.empty()) return std::unexpected(std::move(problems));
  server::Config config = *std::move(loaded);
  // Handlers are written for so many threads: no environment may change it.
  const std::size_t reactors = options.reactors.value_or(1);
  config.server.reactors =
      reactors > 0 ? reactors : std::max(1U, std::thread::hardware_concurrency());
  return config;
}

server::Config config_of(const ServerOptions& options) {
  auto config = load_settings(options);
  if (config) return *std::move(config);
  std::string message = "carillon::Server:";
  for (const auto& problem : config.error()) message += "\n  " + to_text(problem);
  throw std::invalid_argument(message);
}

transport::WebSocketSettings settings_of(const WebSocketOptions& options,
                                         const transport::WebSocketSettings& base) {
  if (options.max_message_bytes == 0) {
    throw std::invalid_argument("WebSocketOptions::max_message_bytes must be at least 1");
  }
  check_time(options.idle_timeout, std::chrono::seconds(2), "WebSocketOptions::idle_timeout");
  transport::WebSocketSettings settings = base;
  settings.message_bytes = options.max_message_bytes;
  settings.outbox_bytes = options.max_buffered_bytes;
  const Duration idle = options.idle_timeout;
  settings.compression.policy.reset();
  if (options.compression == Compression::On) settings.compression.policy.emplace();
  settings.keepalive = {.ping_interval = idle / 2, .pong_timeout = idle - idle / 2};
  return settings;
}

}  // namespace carillon::facade
