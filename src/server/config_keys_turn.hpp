// The keys of `[turn]`.
#pragma once

#include <string>
#include <vector>

#include "server/config_key.hpp"

namespace carillon::server {

void add_turn_keys(std::vector<ConfigKey<Config>>& keys);

/// What is wrong with its keys taken together; empty: nothing.
std::string turn_problem(const TurnConfig& config);

}  // namespace carillon::server
