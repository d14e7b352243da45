// The composition root: every part of a node, wired by reference, from a checked config.
#pragma once

#include "server/config.hpp"

namespace carillon::server {

/// Serves until SIGTERM or SIGINT, then drains.
/// Returns: the process's exit code: 0 after a drain, 1 where it could not start (told on the log).
int serve(const Config& config);

}  // namespace carillon::server
