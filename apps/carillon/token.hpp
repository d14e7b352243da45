// `carillon token`: a token as a back end would sign it, to try things with.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "server/config_load.hpp"

namespace CLI {
class App;
}

namespace carillon::app {

struct TokenCommand {
  server::ConfigSources sources;
  std::string user;
  std::vector<std::string> allowed;  // `PATTERN=WORD,WORD`
  std::uint64_t seconds = 3600;
};

CLI::App* add_token(CLI::App& app, TokenCommand& token);

/// Returns the exit code: 1 where no secret is set.
int token(const TokenCommand& command);

}  // namespace carillon::app
