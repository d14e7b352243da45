// `carillon sub`: prints the messages of channels as they come, for as long as it is let.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "apps/carillon/client_flags.hpp"
#include "client/limits.hpp"
#include "client/reader.hpp"

namespace CLI {
class App;
}

namespace carillon::app {

struct SubCommand {
  ClientFlags client;
  std::vector<std::string> channels;
  client::Transport transport = client::Transport::WebSocket;
  std::string after = {};   // a position list
  std::size_t history = 0;  // 0: none
  std::size_t count = 0;    // 0: without end
  double poll_interval_s = 1;
  double silence_s = 45;
};

/// Lifetime: `sub` outlives the parsing.
CLI::App* add_sub(CLI::App& app, SubCommand& sub);

/// Returns the exit code: 0 when it was told to end, by a signal, by --count, or by the end of
/// whoever reads its output.
int sub(const SubCommand& command);

}  // namespace carillon::app
