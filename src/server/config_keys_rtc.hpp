// The keys of `[rtc]`.
#pragma once

#include <string>
#include <vector>

#include "server/config_key.hpp"

namespace carillon::server {

void add_rtc_keys(std::vector<ConfigKey<Config>>& keys);

/// What is wrong with its keys taken together, and with those of `[turn]`; empty: nothing.
std::string rtc_problem(const Config& config);

}  // namespace carillon::server
