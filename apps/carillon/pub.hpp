// `carillon pub`: publishes one message, or one for each line of its input.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "apps/carillon/client_flags.hpp"

namespace CLI {
class App;
}

namespace carillon::app {

/// What the data is taken for. Auto: JSON where it is valid JSON, otherwise a string.
enum class DataType : std::uint8_t { Auto, Json, Text, Binary };

struct PubCommand {
  ClientFlags client;
  std::string channel;
  std::optional<std::string> data;  // none or `-`: standard input
  DataType type = DataType::Auto;
  std::string key = {};
  std::string dedupe = {};
  bool lines = false;
  bool ephemeral = false;
};

/// Lifetime: `pub` outlives the parsing.
CLI::App* add_pub(CLI::App& app, PubCommand& pub);

/// Returns the exit code.
int pub(const PubCommand& command);

}  // namespace carillon::app
