#include "facade/settings.hpp"

#include <algorithm>
#include <iterator>
#include <stdexcept>
#include <string>
#include <thread>

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

server::ConfigSources sources_of(const ServerOptions& options) {
  server::ConfigSources sources;
  if (!options.config_file.empty()) sources.file = options.config_file;
  // A program that does not say so leaves no files behind.
  if (options.config_file.empty()) {
    sources.environment.emplace_back("CARILLON_HISTORY_DURABILITY", "none");
  }
  std::ranges::move(server::carillon_environment(), std::back_inserter(sources.environment));
  for (const auto& [key, value] : options.settings) {
    sources.environment.emplace_back(variable_of(key), value);
  }
  if (!options.listen.empty()) sources.flags.listen = options.listen;
  return sources;
}

}  // namespace

Result<server::Config, std::vector<server::ConfigProblem>> load_settings(
    const ServerOptions& options) {
  server::Config config = TRY(server::load_config(sources_of(options)));
  auto& reactors = config.server.reactors;
  if (options.reactors) {
    reactors = *options.reactors;
    if (reactors == 0) reactors = std::max(1U, std::thread::hardware_concurrency());
  } else if (reactors == 0) {
    reactors = 1;
  }
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
  if (options.idle_timeout < std::chrono::seconds(2)) {
    throw std::invalid_argument("WebSocketOptions::idle_timeout must be at least 2 seconds");
  }
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
