// What `[socketio] event_names` says: our events under the application's names.
#pragma once

#include <string>
#include <vector>

#include "core/result.hpp"
#include "transport/common/settings.hpp"

namespace carillon::server {

/// Entries are like `message=news`: our name, and the one on the wire.
/// Errors: sentences, for names that are not ours, taken twice, or Socket.IO's own.
Result<transport::SocketIoEvents, std::vector<std::string>> parse_event_names(
    const std::vector<std::string>& entries);

}  // namespace carillon::server
