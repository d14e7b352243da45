// `[turn]` in the words of the relay.
#pragma once

#include "server/config.hpp"
#include "transport/turn/settings.hpp"

namespace carillon::server {

/// `config` has been checked by load_config().
transport::TurnSettings turn_settings(const TurnConfig& config);

/// Whether there is a relay at all.
inline bool uses_turn(const TurnConfig& config) {
  return !config.listen.empty() || !config.tls_listen.empty();
}

}  // namespace carillon::server
