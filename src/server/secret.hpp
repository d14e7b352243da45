// The secret that signs session tokens: from the config, or made once and kept.
#pragma once

#include <string>

#include "server/config.hpp"

namespace carillon::server {

/// `[server] secret`; without it the one in the data directory, which is made at the first start
/// with a mode of 0600, and anew where it was cut short. Where nothing can be kept, one for this
/// run, and a warning.
std::string session_secret(const ServerConfig& config);

}  // namespace carillon::server
