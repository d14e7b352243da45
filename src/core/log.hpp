// Logging for everything above the codecs. A log line never holds a token or a message body.
#pragma once

#include <spdlog/spdlog.h>

#include <string>
#include <utility>

namespace carillon {

enum class LogFormat { Text, Json };

/// Sets where and how the process logs (standard error). Levels: trace, debug, info, warn,
/// error, off. Throws std::invalid_argument for another level: only start-up calls it.
void set_up_logging(LogFormat format, const std::string& level);

/// The same levels, while the process runs. Any thread.
void set_log_level(const std::string& level);

namespace log {

/// Ours, not the process's: a program that embeds us has its own. Until set_up_logging() spdlog's.
spdlog::logger& logger();

template <class... Values>
void debug(spdlog::format_string_t<Values...> text, Values&&... values) {
  logger().debug(text, std::forward<Values>(values)...);
}
template <class... Values>
void info(spdlog::format_string_t<Values...> text, Values&&... values) {
  logger().info(text, std::forward<Values>(values)...);
}
template <class... Values>
void warn(spdlog::format_string_t<Values...> text, Values&&... values) {
  logger().warn(text, std::forward<Values>(values)...);
}
template <class... Values>
void error(spdlog::format_string_t<Values...> text, Values&&... values) {
  logger().error(text, std::forward<Values>(values)...);
}

}  // namespace log

}  // namespace carillon
