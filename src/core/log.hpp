// Logging for everything above the codecs. A log line never holds a token or a message body.
#pragma once

#include <spdlog/spdlog.h>

#include <string>

namespace carillon {

enum class LogFormat { Text, Json };

/// Sets where and how the process logs (standard error). Levels: trace, debug, info, warn,
/// error, off. Throws std::invalid_argument for another level: only start-up calls it.
void set_up_logging(LogFormat format, const std::string& level);

/// The same levels, while the process runs. Any thread.
void set_log_level(const std::string& level);

namespace log {
using spdlog::debug;
using spdlog::error;
using spdlog::info;
using spdlog::warn;
}  // namespace log

}  // namespace carillon
