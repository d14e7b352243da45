#include "core/log.hpp"

#include <spdlog/sinks/stdout_color_sinks.h>

#include <atomic>
#include <memory>
#include <stdexcept>
#include <vector>

#include "core/utf8.hpp"

namespace carillon {
namespace {

/// One JSON object a line; the message's own quotes and control octets are escaped.
class JsonFormatter final : public spdlog::formatter {
 public:
  void format(const spdlog::details::log_msg& message, spdlog::memory_buf_t& line) override {
    const auto since_epoch = message.time.time_since_epoch();
    const auto milliseconds =
        std::chrono::duration_cast<std::chrono::milliseconds>(since_epoch).count();
    const auto level = spdlog::level::to_string_view(message.level);
    fmt::format_to(std::back_inserter(line), R"({{"time_ms":{},"level":"{}","message":")",
                   milliseconds, std::string_view(level.data(), level.size()));
    const Bytes payload(message.payload.data(), message.payload.size());
    for (const char character : to_utf8(payload)) append_escaped(line, character);
    fmt::format_to(std::back_inserter(line), "\"}}\n");
  }
  std::unique_ptr<formatter> clone() const override { return std::make_unique<JsonFormatter>(); }

 private:
  static void append_escaped(spdlog::memory_buf_t& line, char character) {
    if (character == '"' || character == '\\') {
      line.push_back('\\');
      line.push_back(character);
    } else if (static_cast<unsigned char>(character) < 0x20) {
      fmt::format_to(std::back_inserter(line), "\\u{:04x}", character);
    } else {
      line.push_back(character);
    }
  }
};

std::atomic<spdlog::logger*> current{nullptr};

/// Kept to the end: a thread may be writing to one that was replaced.
std::vector<std::shared_ptr<spdlog::logger>>& loggers() {
  static std::vector<std::shared_ptr<spdlog::logger>> all;
  return all;
}

}  // namespace

spdlog::logger& log::logger() {
  spdlog::logger* ours = current.load(std::memory_order_acquire);
  return ours != nullptr ? *ours : *spdlog::default_logger_raw();
}

void set_up_logging(LogFormat format, const std::string& level) {
  const auto parsed = spdlog::level::from_str(level);
  if (parsed == spdlog::level::off && level != "off") {
    throw std::invalid_argument("log level '" + level +
                                "' is not one of trace, debug, info, warn, error, off");
  }
  auto logger = std::make_shared<spdlog::logger>(
      "carillon", std::make_shared<spdlog::sinks::stderr_color_sink_mt>());
  logger->set_level(parsed);
  logger->flush_on(spdlog::level::trace);
  if (format == LogFormat::Json) {
    logger->set_formatter(std::make_unique<JsonFormatter>());
  } else {
    logger->set_pattern("%Y-%m-%dT%H:%M:%S.%e %^%l%$ %v");
  }
  current.store(logger.get(), std::memory_order_release);
  loggers().push_back(std::move(logger));
}

void set_log_level(const std::string& level) {
  log::logger().set_level(spdlog::level::from_str(level));
}

}  // namespace carillon
