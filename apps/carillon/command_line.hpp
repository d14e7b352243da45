// The command line as a value: what is asked for, with every flag that says how.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "apps/carillon/channels.hpp"
#include "apps/carillon/choose.hpp"
#include "apps/carillon/exit_code.hpp"
#include "apps/carillon/pub.hpp"
#include "apps/carillon/sub.hpp"
#include "apps/carillon/token.hpp"
#include "core/result.hpp"
#include "server/config_load.hpp"

namespace carillon::app {

struct ServeCommand {
  server::ConfigSources sources;
};

enum class ConfigOutput : std::uint8_t { Verdict, Effective, Template, Explanation };

struct CheckConfigCommand {
  server::ConfigSources sources;
  ConfigOutput output = ConfigOutput::Verdict;
  std::vector<std::string> explained;  // a channel, and a user or nothing
};

/// What is asked for is a text: the version, the manual, a completion script.
struct PrintCommand {
  std::string text;
};

using Command = std::variant<ServeCommand, CheckConfigCommand, PubCommand, SubCommand,
                             ChannelsCommand, TokenCommand, ChooseCommand, PrintCommand>;

/// Errors: the exit code where nothing is left to do: help was asked for and given, or the usage is
///         wrong and that was said.
Result<Command, int> parse_command_line(int argc, const char* const* argv);

}  // namespace carillon::app
