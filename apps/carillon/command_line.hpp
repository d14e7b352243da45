// The command line as a value: what is asked for, with every flag that says how.
#pragma once

#include <cstdint>
#include <variant>

#include "core/result.hpp"
#include "server/config_load.hpp"

namespace carillon::app {

struct ServeCommand {
  server::ConfigSources sources;
};

enum class ConfigOutput : std::uint8_t { Verdict, Effective, Template };

struct CheckConfigCommand {
  server::ConfigSources sources;
  ConfigOutput output = ConfigOutput::Verdict;
};

struct VersionCommand {};

using Command = std::variant<ServeCommand, CheckConfigCommand, VersionCommand>;

constexpr int kExitOk = 0;
constexpr int kExitFailure = 1;
constexpr int kExitUsage = 2;

/// Errors: the exit code where nothing is left to do: help was asked for and given, or the usage is
///         wrong and that was said.
Result<Command, int> parse_command_line(int argc, const char* const* argv);

}  // namespace carillon::app
