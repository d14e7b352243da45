// The keys of `[socketio]`: a part of the table in config_keys.cpp.
#pragma once

#include <vector>

#include "server/config_key.hpp"

namespace carillon::server {

void add_socketio_keys(std::vector<ConfigKey<Config>>& keys);

}  // namespace carillon::server
