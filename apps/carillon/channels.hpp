// `carillon channels`: the channels that a server has.
#pragma once

#include <string>

#include "apps/carillon/client_flags.hpp"

namespace CLI {
class App;
}

namespace carillon::app {

struct ChannelsCommand {
  ClientFlags client;
  std::string prefix = {};
};

/// Lifetime: `channels` outlives the parsing.
CLI::App* add_channels(CLI::App& app, ChannelsCommand& channels);

/// Returns the exit code.
int channels(const ChannelsCommand& command);

}  // namespace carillon::app
