// What becomes of a running server's settings when the file is read again.
#pragma once

#include <string>
#include <vector>

#include "server/config.hpp"

namespace carillon::server {

struct ConfigChange {
  Config config;  // the settings in force from now on
  /// One line for each setting that changes: `[history] count: 1000 becomes 500`.
  std::vector<std::string> changes;
  /// One line for each that would, but is read at the start only and stays.
  std::vector<std::string> kept;
};

/// `wanted` has been checked by load_config().
ConfigChange change_config(const Config& current, const Config& wanted);

}  // namespace carillon::server
