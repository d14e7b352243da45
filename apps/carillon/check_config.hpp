// `carillon check-config`, and the telling of configuration problems.
#pragma once

#include <vector>

#include "apps/carillon/command_line.hpp"
#include "server/config_load.hpp"

namespace carillon::app {

/// On standard error, one after the other.
void print_problems(const std::vector<server::ConfigProblem>& problems);

/// Returns the exit code.
int check_config(const CheckConfigCommand& command);

}  // namespace carillon::app
