// The options of a program that embeds the server, as the settings of its parts.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "carillon/server.hpp"
#include "core/result.hpp"
#include "server/config.hpp"
#include "server/config_load.hpp"
#include "transport/common/settings.hpp"

namespace carillon::facade {

/// Nothing that an application waits for takes longer; the clock could not count for ever.
inline constexpr std::chrono::hours kLongestTime{24 * 365 * 10};

/// Throws std::invalid_argument that begins with `name` for a time over 10 years, and below
/// `least`.
void check_time(std::chrono::seconds time, std::chrono::seconds least, const std::string& name);

/// From the lowest: defaults, `config_file`, the environment, `settings`, the other options.
Result<server::Config, std::vector<server::ConfigProblem>> load_settings(
    const ServerOptions& options);
/// The same. Throws std::invalid_argument that tells everything wrong.
server::Config config_of(const ServerOptions& options);

/// Throws std::invalid_argument for a limit out of range.
transport::WebSocketSettings settings_of(const WebSocketOptions& options,
                                         const transport::WebSocketSettings& base);

}  // namespace carillon::facade
