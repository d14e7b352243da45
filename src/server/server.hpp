// The composition root: every part of a node, wired by reference, from a checked config.
#pragma once

#include <functional>
#include <vector>

#include "core/result.hpp"
#include "server/config.hpp"
#include "server/config_load.hpp"

namespace carillon::server {

/// Reads the settings again, from where they came.
using ConfigLoader = std::function<Result<Config, std::vector<ConfigProblem>>()>;

/// Serves until SIGTERM or SIGINT, then drains. On SIGHUP it takes over what `reload` gives, as far
/// as that can change while it runs; none: nothing can.
/// Returns: the process's exit code: 0 after a drain, 1 where it could not start, or not keep what
///          it holds (told on the log).
int serve(const Config& config, ConfigLoader reload = {});

}  // namespace carillon::server
